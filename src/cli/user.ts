import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { type Command, InvalidArgumentError } from 'commander'
import { addUser, removeUser, setPassword } from '../app/manage-users.ts'
import { type Role, roles } from '../domain/roles.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** `dagtilbud user add|list|remove|password`: who may use the console with a password of ours. */
export function registerUser(cli: Command, parts: Parts): void {
  const user = cli.command('user').description('who may use the console')
  const withUsers = async (work: (ctx: Parameters<typeof addUser>[0]) => Promise<void>) => {
    const settings = parts.loadSettings()
    const { register, close } = await parts.openReading(settings)
    const accounts = parts.openAccounts(settings)
    try {
      await work({ ...register, accounts })
    } finally {
      accounts.close()
      await close()
    }
  }

  user
    .command('add')
    .argument('<name>', 'what the person signs in with')
    .description('add a user; the password is asked for, or read from standard input')
    .requiredOption('--full-name <text>', 'the name in the ledger')
    .requiredOption('--roles <list>', `any of ${roles.join(', ')}`, parseRoles)
    .requiredOption('--by <name>', 'who gives the access')
    .action(async (brugernavn: string, options: { fullName: string; roles: Role[]; by: string }) => {
      await withUsers(async (ctx) => {
        const person = { brugernavn, navn: options.fullName, roller: options.roles }
        await addUser(ctx, person, await readPassword(), options.by)
        print(`${brugernavn} kan logge ind: ${options.roles.join(', ')}.`)
      })
    })

  user
    .command('list')
    .description('users and their roles')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      await withUsers(async ({ accounts }) => {
        const users = accounts.users()
        if (options.json) return printJson(users)
        if (users.length === 0) return print('Ingen brugere.')
        for (const { brugernavn, navn, roller } of users)
          print(`${brugernavn.padEnd(20)} ${navn.padEnd(30)} ${roller.join(', ')}`)
      })
    })

  user
    .command('remove')
    .argument('<name>', 'what the person signs in with')
    .description('remove a user and sign them out everywhere')
    .requiredOption('--by <name>', 'who takes the access')
    .action(async (brugernavn: string, { by }: { by: string }) => {
      await withUsers(async (ctx) => {
        await removeUser(ctx, brugernavn, by)
        print(`${brugernavn} er fjernet og logget ud.`)
      })
    })

  user
    .command('password')
    .argument('<name>', 'what the person signs in with')
    .description('set a new password and sign the user out everywhere')
    .requiredOption('--by <name>', 'who sets it')
    .action(async (brugernavn: string, { by }: { by: string }) => {
      await withUsers(async (ctx) => {
        await setPassword(ctx, brugernavn, await readPassword(), by)
        print(`${brugernavn} har ny adgangskode og er logget ud.`)
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
async function readPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: isTerminal })
  if (isTerminal) process.stderr.write('Adgangskode (mindst 12 tegn): ')
  try {
    if (isTerminal) return await lines.question('')
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
