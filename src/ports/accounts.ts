import type { Person } from '../domain/roles.ts'
import type { Instant } from '../domain/time.ts'

/** A local user of the console. Its password is kept as a hash and never given out. */
export interface User extends Person {
  readonly createdAt: Instant
}

/** A time somebody is signed in, from one browser. */
export interface Session {
  readonly kilde: 'lokal' | 'oidc'
  readonly person: Person
  readonly openedAt: Instant
  readonly seenAt: Instant
}

/**
 * Who may use the console, and who is signed in. Kept beside the register and not in it: it is no part of what is proved
 * by the ledger, and it is the one thing that is not restored from suppliers' files.
 */
export interface Accounts {
  users(): readonly User[]
  /** @throws USER_INVALID when the name is taken */
  addUser(user: User, password: string): Promise<void>
  /** Sets a new password and ends the user's sessions; false when there is no such user. */
  setPassword(brugernavn: string, password: string): Promise<boolean>
  /** Removes a user and ends its sessions; false when there is no such user. */
  removeUser(brugernavn: string): boolean
  /** The user whose password it is; null otherwise, after the same time whether there is such a user or not. */
  checkPassword(brugernavn: string, password: string): Promise<User | null>

  /** Opens a session and returns its secret, which is kept only as a hash. */
  openSession(session: Session): string
  /** The session of a secret, with a local user's roles as they are now; null when there is none. */
  findSession(secret: string): Session | null
  touchSession(secret: string, at: Instant): void
  endSession(secret: string): void
  /** Ends every session of a person; returns how many. */
  endSessionsOf(kilde: Session['kilde'], brugernavn: string): number
  /** Sessions, newest first, after those opened or last seen before these times are removed. */
  sessions(limits: { readonly openedAfter: Instant; readonly seenAfter: Instant }): readonly Session[]
  close(): void
}
