import { type Command, Option } from 'commander'
import { addLink } from '../app/add-link.ts'
import { type LinkRelation, linkRelations } from '../domain/lineage.ts'
import { print } from './output.ts'
import type { Parts } from './program.ts'

interface LinkOptions {
  readonly relation: LinkRelation
  readonly by: string
  readonly reason: string
}

/** `dagtilbud register link`: what no file says, such as which number an old A-number became. */
export function registerRegisterLink(cli: Command, parts: Parts): void {
  const group = cli.commands.find((command) => command.name() === 'register') ?? cli.command('register')
  group
    .command('link')
    .argument('<old>', 'the earlier number; may be one from before the register')
    .argument('<new>', 'the number that follows from it')
    .description('note how a unit follows from an earlier one')
    .addOption(new Option('--relation <relation>', 'how').choices(linkRelations).makeOptionMandatory())
    .requiredOption('--by <name>', 'who says so')
    .requiredOption('--reason <text>', 'why')
    .action(async (fromNummer: string, toNummer: string, { relation, by, reason }: LinkOptions) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const added = await addLink(register, { fromNummer, toNummer, relation, by, reason })
        const link = `${fromNummer} -> ${toNummer} (${relation})`
        print(added ? `${link} er noteret.` : `${link} var noteret i forvejen; intet er ændret.`)
      } finally {
        await close()
      }
    })
}
