import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { type Command, InvalidArgumentError } from 'commander'
import { addUser, removeUser, setPassword } from '../app/manage-users.ts'
import { same } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import { type Role, roles } from '../domain/roles.ts'
import { example } from './example.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

interface AddOptions {
  readonly fullName: string
  readonly roles: Role[]
  readonly by: string
  readonly json?: boolean
}

/** `dagtilbud user add|list|remove|password`: who may use the console with a password of ours. */
export function registerUser(cli: Command, parts: Parts, screen: Screen): void {
  const { say, print, printJson } = screen
  const user = cli.command('user').description(say({ da: 'hvem der må bruge konsollen', en: 'who may use the console' }))
  const aName = say({ da: 'det, personen logger ind med', en: 'what the person signs in with' })
  const withUsers = (work: (ctx: Parameters<typeof addUser>[0]) => Promise<void>) =>
    withRegister(parts, async (register, settings) => {
      const accounts = parts.openAccounts(settings)
      try {
        await work({ ...register, accounts })
      } finally {
        accounts.close()
      }
    })

  user
    .command('add')
    .argument('<name>', aName)
    .description(
      say({
        da: 'tilføj en bruger; der spørges om adgangskoden, eller den læses fra standard input',
        en: 'add a user; the password is asked for, or read from standard input',
      }),
    )
    .requiredOption('--full-name <text>', say({ da: 'navnet i hovedbogen', en: 'the name in the ledger' }))
    .requiredOption(
      '--roles <list>',
      say({ da: `en eller flere af ${roles.join(', ')}`, en: `any of ${roles.join(', ')}` }),
      parseRoles,
    )
    .requiredOption('--by <name>', say({ da: 'hvem der giver adgangen', en: 'who gives the access' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud user add anna --full-name "Anna Holm" --roles betjene,godkende --by "Bo Lund"'))
    .action(async (brugernavn: string, options: AddOptions) => {
      await withUsers(async (ctx) => {
        const person = { brugernavn, navn: options.fullName, roller: options.roles }
        await addUser(ctx, person, await readPassword(screen), options.by)
        if (options.json) return printJson({ format: 'dagtilbud-bruger-1', brugernavn, gjort: 'added' })
        const given = options.roles.join(', ')
        return print({ da: `${brugernavn} kan logge ind: ${given}.`, en: `${brugernavn} can sign in: ${given}.` })
      })
    })

  user
    .command('list')
    .description(say({ da: 'brugere og deres roller', en: 'users and their roles' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud user list'))
    .action(async (options: { json?: boolean }) => {
      await withUsers(async ({ accounts }) => {
        const users = accounts.users()
        if (options.json) return printJson({ format: 'dagtilbud-brugere-1', brugere: users })
        if (users.length === 0) return print({ da: 'Ingen brugere.', en: 'No users.' })
        const rows = users.map(
          ({ brugernavn, navn, roller }) => `${brugernavn.padEnd(20)} ${navn.padEnd(30)} ${roller.join(', ')}`,
        )
        print(lines(...rows.map(same)))
      })
    })

  user
    .command('remove')
    .argument('<name>', aName)
    .description(say({ da: 'fjern en bruger, og log personen ud overalt', en: 'remove a user and sign them out everywhere' }))
    .requiredOption('--by <name>', say({ da: 'hvem der tager adgangen', en: 'who takes the access' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud user remove anna --by "Bo Lund"'))
    .action(async (brugernavn: string, { by, json }: { by: string; json?: boolean }) => {
      await withUsers(async (ctx) => {
        await removeUser(ctx, brugernavn, by)
        if (json) return printJson({ format: 'dagtilbud-bruger-1', brugernavn, gjort: 'removed' })
        return print({ da: `${brugernavn} er fjernet og logget ud.`, en: `${brugernavn} is removed and signed out.` })
      })
    })

  user
    .command('password')
    .argument('<name>', aName)
    .description(
      say({ da: 'sæt en ny adgangskode, og log brugeren ud overalt', en: 'set a new password and sign the user out everywhere' }),
    )
    .requiredOption('--by <name>', say({ da: 'hvem der sætter den', en: 'who sets it' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud user password anna --by "Bo Lund"'))
    .action(async (brugernavn: string, { by, json }: { by: string; json?: boolean }) => {
      await withUsers(async (ctx) => {
        await setPassword(ctx, brugernavn, await readPassword(screen), by)
        if (json) return printJson({ format: 'dagtilbud-bruger-1', brugernavn, gjort: 'password' })
        return print({
          da: `${brugernavn} har ny adgangskode og er logget ud.`,
          en: `${brugernavn} has a new password and is signed out.`,
        })
      })
    })
}

function parseRoles(text: string): Role[] {
  const named = text.split(',').map((role) => role.trim())
  const unknown = named.filter((role) => !roles.some((known) => known === role))
  if (unknown.length > 0) throw new InvalidArgumentError(`It takes ${roles.join(', ')}, not ${unknown.join(', ')}.`)
  return named as Role[]
}

/** Asked for without showing it; from a script, the first line of standard input. */
async function readPassword({ say }: Screen): Promise<string> {
  const isTerminal = process.stdin.isTTY === true
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: isTerminal })
  if (isTerminal) process.stderr.write(say({ da: 'Adgangskode (mindst 12 tegn): ', en: 'Password (12 characters or more): ' }))
  try {
    if (isTerminal) return await lines.question('')
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
