import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { FatalError } from '../../domain/errors.ts'
import { type Role, roles } from '../../domain/roles.ts'
import type { Accounts, Session, User } from '../../ports/accounts.ts'
import { fitsHash, type HashCost, hashPassword, strongCost } from './hash-password.ts'

const tables = `
  CREATE TABLE IF NOT EXISTS user (
    brugernavn TEXT PRIMARY KEY COLLATE NOCASE,
    navn TEXT NOT NULL,
    roller TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS session (
    secret_hash TEXT PRIMARY KEY,
    kilde TEXT NOT NULL,
    brugernavn TEXT NOT NULL,
    navn TEXT NOT NULL,
    roller TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
  ) STRICT;
`

interface UserRow {
  readonly brugernavn: string
  readonly navn: string
  readonly roller: string
  readonly password_hash: string
  readonly created_at: number
}

interface SessionRow {
  readonly kilde: Session['kilde']
  readonly brugernavn: string
  readonly navn: string
  readonly roller: string
  readonly opened_at: number
  readonly seen_at: number
}

/** Users and sessions in a SQLite file of their own; the command line and the console have it open at the same time. */
export function openAccounts(path: string, cost: HashCost = strongCost): Accounts {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new Database(path, { timeout: 10_000 })
  db.pragma('journal_mode = WAL')
  db.exec(tables)
  const findUser = db.prepare<[string], UserRow>('SELECT * FROM user WHERE brugernavn = ?')
  const findSession = db.prepare<[string], SessionRow>('SELECT * FROM session WHERE secret_hash = ?')
  const endSessionsOf = db.prepare('DELETE FROM session WHERE kilde = ? AND brugernavn = ? COLLATE NOCASE')
  let nobody: Promise<string> | undefined

  return {
    users: () => db.prepare<[], UserRow>('SELECT * FROM user ORDER BY brugernavn').all().map(toUser),
    addUser: async ({ brugernavn, navn, roller, createdAt }, password) => {
      const hash = await hashPassword(password, cost)
      const { changes } = db
        .prepare('INSERT INTO user VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
        .run(brugernavn, navn, roller.join(), hash, createdAt)
      if (changes === 0) throw nameTaken(brugernavn)
    },
    setPassword: async (brugernavn, password) => {
      const hash = await hashPassword(password, cost)
      endSessionsOf.run('lokal', brugernavn)
      return db.prepare('UPDATE user SET password_hash = ? WHERE brugernavn = ?').run(hash, brugernavn).changes > 0
    },
    removeUser: (brugernavn) => {
      endSessionsOf.run('lokal', brugernavn)
      return db.prepare('DELETE FROM user WHERE brugernavn = ?').run(brugernavn).changes > 0
    },
    checkPassword: async (brugernavn, password) => {
      // Made for every name, so that the first one that does not exist takes no longer.
      nobody ??= hashPassword(randomBytes(16).toString('hex'), cost)
      const other = await nobody
      const row = findUser.get(brugernavn)
      const fits = await fitsHash(password, row?.password_hash ?? other)
      return row !== undefined && fits ? toUser(row) : null
    },

    openSession: ({ kilde, person, openedAt, seenAt }) => {
      const secret = randomBytes(32).toString('base64url')
      db.prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        hashOf(secret),
        kilde,
        person.brugernavn,
        person.navn,
        person.roller.join(),
        openedAt,
        seenAt,
      )
      return secret
    },
    findSession: (secret) => {
      const row = findSession.get(hashOf(secret))
      if (row === undefined) return null
      const user = row.kilde === 'lokal' ? findUser.get(row.brugernavn) : row
      return user === undefined ? null : toSession({ ...row, navn: user.navn, roller: user.roller })
    },
    touchSession: (secret, at) => void db.prepare('UPDATE session SET seen_at = ? WHERE secret_hash = ?').run(at, hashOf(secret)),
    endSession: (secret) => void db.prepare('DELETE FROM session WHERE secret_hash = ?').run(hashOf(secret)),
    endSessionsOf: (kilde, brugernavn) => endSessionsOf.run(kilde, brugernavn).changes,
    sessions: ({ openedAfter, seenAfter }) => {
      db.prepare('DELETE FROM session WHERE opened_at <= ? OR seen_at <= ?').run(openedAfter, seenAfter)
      return db.prepare<[], SessionRow>('SELECT * FROM session ORDER BY opened_at DESC').all().map(toSession)
    },
    close: () => void db.close(),
  }
}

/** Whoever reads the file cannot sign in with what stands in it. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function toUser({ brugernavn, navn, roller, created_at: createdAt }: UserRow): User {
  return { brugernavn, navn, roller: toRoles(roller), createdAt }
}

function toSession({ kilde, brugernavn, navn, roller, opened_at: openedAt, seen_at: seenAt }: SessionRow): Session {
  return { kilde, person: { brugernavn, navn, roller: toRoles(roller) }, openedAt, seenAt }
}

function toRoles(text: string): Role[] {
  const named = text.split(',')
  return roles.filter((role) => named.includes(role))
}

function nameTaken(brugernavn: string): FatalError {
  return new FatalError('USER_INVALID', `adding user ${brugernavn}, who is there already`, {
    dataState: 'nothing was changed',
    hint: 'choose another name, or set a new password with `dagtilbud user password`',
  })
}
