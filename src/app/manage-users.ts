import { FatalError } from '../domain/errors.ts'
import type { Person } from '../domain/roles.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { RegisterContext } from './context.ts'
import { runStep } from './run-step.ts'

/** What managing users needs: the accounts, and the ledger that notes who gave whom a way in. */
export type AccountsContext = RegisterContext & { readonly accounts: Accounts }

/** Signed in with; never with an `@` or a space, so that it is not taken for a name at an identity provider. */
const brugernavnShape = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u
const shortest = 12
const longest = 200

/** Adds a user of the console. @throws USER_INVALID */
export async function addUser(ctx: AccountsContext, person: Person, password: string, by: string): Promise<void> {
  if (!brugernavnShape.test(person.brugernavn))
    throw invalid(person.brugernavn, 'use letters, digits, dots and dashes, at most 40')
  if (person.navn.trim() === '') throw invalid(person.brugernavn, 'give the full name')
  if (person.roller.length === 0) throw invalid(person.brugernavn, 'give at least one role')
  assertPassword(person.brugernavn, password)
  await ctx.accounts.addUser({ ...person, createdAt: ctx.clock.now() }, password)
  const { brugernavn, navn, roller } = person
  await noteUser(ctx, { brugernavn, did: 'added', navn, roller, by })
}

/** Sets a new password; the user is signed out everywhere. @throws USER_INVALID, USER_NOT_FOUND */
export async function setPassword(ctx: AccountsContext, brugernavn: string, password: string, by: string): Promise<void> {
  assertPassword(brugernavn, password)
  if (!(await ctx.accounts.setPassword(brugernavn, password))) throw notFound(brugernavn)
  await noteUser(ctx, { brugernavn, did: 'password', by })
}

/** Removes a user; the user is signed out everywhere. @throws USER_NOT_FOUND */
export async function removeUser(ctx: AccountsContext, brugernavn: string, by: string): Promise<void> {
  if (!ctx.accounts.removeUser(brugernavn)) throw notFound(brugernavn)
  await noteUser(ctx, { brugernavn, did: 'removed', by })
}

/** Ends every session of a person. Returns how many there were. */
export async function signOutEverywhere(
  ctx: AccountsContext,
  kilde: 'lokal' | 'oidc',
  brugernavn: string,
  by: string,
): Promise<number> {
  const ended = ctx.accounts.endSessionsOf(kilde, brugernavn)
  if (ended > 0) await noteUser(ctx, { brugernavn, did: 'signed out', kilde, by })
  return ended
}

/** What the ledger says of a user: who was given or lost a way in, and by whom. Never a password. */
export interface UserNote {
  readonly brugernavn: string
  readonly did: 'added' | 'password' | 'removed' | 'signed out'
  readonly by: string
  readonly [fact: string]: unknown
}

/** Notes it in the ledger, as a step of its own. */
export function noteUser(ctx: RegisterContext, { brugernavn, ...facts }: UserNote): Promise<void> {
  return runStep(ctx, 'note-user', { brugernavn, ...facts }, async ({ register, clock }) =>
    register.write((tx) => void tx.ledger.append({ at: clock.now(), type: 'user', subject: brugernavn, facts })),
  )
}

function assertPassword(brugernavn: string, password: string): void {
  const length = [...password].length
  if (length < shortest || length > longest)
    throw invalid(brugernavn, `the password must have ${shortest} to ${longest} characters`)
  if (password.toLowerCase().includes(brugernavn.toLowerCase())) throw invalid(brugernavn, 'the password must not hold the name')
}

function invalid(brugernavn: string, hint: string): FatalError {
  return new FatalError('USER_INVALID', `a user "${brugernavn.slice(0, 40)}" cannot be as asked for`, {
    dataState: 'nothing was changed',
    hint,
  })
}

function notFound(brugernavn: string): FatalError {
  return new FatalError('USER_NOT_FOUND', `there is no user "${brugernavn.slice(0, 40)}"`, {
    dataState: 'nothing was changed',
    hint: 'see `dagtilbud user list`',
  })
}
