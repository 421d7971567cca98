import { type Command, Option } from 'commander'
import { addLink } from '../app/add-link.ts'
import { type LinkRelation, linkRelations } from '../domain/lineage.ts'
import { example } from './example.ts'
import { asJson, why } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

interface LinkOptions {
  readonly relation: LinkRelation
  readonly by: string
  readonly reason: string
  readonly json?: boolean
}

/** `dagtilbud register link`: what no file says, such as which number an old A-number became. */
export function registerRegisterLink(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  const group = cli.commands.find((command) => command.name() === 'register') ?? cli.command('register')
  group
    .command('link')
    .argument(
      '<old>',
      say({
        da: 'det tidligere nummer; gerne et fra før registret',
        en: 'the earlier number; may be one from before the register',
      }),
    )
    .argument('<new>', say({ da: 'det nummer, der følger efter', en: 'the number that follows from it' }))
    .description(
      say({ da: 'notér, hvordan en enhed følger efter en tidligere', en: 'note how a unit follows from an earlier one' }),
    )
    .addOption(
      new Option('--relation <relation>', say({ da: 'hvordan', en: 'how' })).choices(linkRelations).makeOptionMandatory(),
    )
    .requiredOption('--by <name>', say({ da: 'hvem der siger det', en: 'who says so' }))
    .requiredOption('--reason <text>', say(why))
    .option('--json', say(asJson))
    .addHelpText(
      'after',
      example(say, 'dagtilbud register link A12345 G80001 --relation afloest --by "Anna Holm" --reason "nyt nummer"'),
    )
    .action((fromNummer: string, toNummer: string, { relation, by, reason, json }: LinkOptions) =>
      withRegister(parts, async (register) => {
        const added = await addLink(register, { fromNummer, toNummer, relation, by, reason })
        if (json) return printJson({ format: 'dagtilbud-slaegtskab-1', fra: fromNummer, til: toNummer, relation, ny: added })
        const link = `${fromNummer} -> ${toNummer} (${relation})`
        return print(
          added
            ? { da: `${link} er noteret.`, en: `${link} is noted.` }
            : {
                da: `${link} var noteret i forvejen; intet er ændret.`,
                en: `${link} was noted already; nothing was changed.`,
              },
        )
      }),
    )
}
