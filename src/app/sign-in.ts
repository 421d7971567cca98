import { createAttemptLimit } from '../domain/attempt-limit.ts'
import type { Person } from '../domain/roles.ts'
import type { Instant } from '../domain/time.ts'
import type { Accounts, Session, User } from '../ports/accounts.ts'
import type { RegisterContext } from './context.ts'

type SignInContext = Pick<RegisterContext, 'clock' | 'log' | 'settings'> & { readonly accounts: Accounts }

const windowMs = 15 * 60_000
/** Of one name from one address; of one name from anywhere; from one address for any name. */
const most = { pair: 5, name: 50, address: 50 } as const

export interface SignIn {
  /** The user whose password it is; or why nobody comes in. */
  check(input: { readonly brugernavn: string; readonly password: string; readonly address: string }): Promise<User | Refusal>
  /** The secret of a new session. */
  open(kilde: Session['kilde'], person: Person): string
}
export type Refusal = 'wrong' | 'too many'

/** Lets people in. Attempts that failed are counted by name and by address, in memory. */
export function createSignIn({ accounts, clock, log, settings }: SignInContext): SignIn {
  const kinds = ['pair', 'name', 'address'] as const
  const limits = {
    pair: createAttemptLimit(most.pair, windowMs),
    name: createAttemptLimit(most.name, windowMs),
    address: createAttemptLimit(most.address, windowMs),
  }
  return {
    check: async ({ brugernavn, password, address }) => {
      const now = clock.now()
      const name = brugernavn.toLowerCase()
      const keys = { pair: `${name} ${address}`, name, address }
      if (kinds.some((kind) => !limits[kind].allows(keys[kind], now))) return 'too many'
      // Counted before the password is looked at, so that many at once are counted, too.
      for (const kind of kinds) limits[kind].failed(keys[kind], now)
      const user = await accounts.checkPassword(brugernavn, password)
      if (user === null) {
        log.warn({ address }, 'sign-in refused')
        return 'wrong'
      }
      for (const kind of kinds) limits[kind].succeeded(keys[kind], now)
      return user
    },
    open: (kilde, person) => {
      const now = clock.now()
      accounts.sessions(sessionLimits(settings, now))
      log.info({ user: person.brugernavn, kilde }, 'signed in')
      return accounts.openSession({ kilde, person, openedAt: now, seenAt: now })
    },
  }
}

/** Sessions opened or last seen before these times are over. */
export function sessionLimits(
  { console: { sessionIdleMs, sessionMaxMs } }: RegisterContext['settings'],
  now: Instant,
): { readonly openedAfter: Instant; readonly seenAfter: Instant } {
  return { openedAfter: now - sessionMaxMs, seenAfter: now - sessionIdleMs }
}

/** How often a session's use is written down. */
const touchEveryMs = 60_000

/** The session of a secret, if it is not over; its use is noted. */
export function sessionOf(ctx: Pick<SignInContext, 'accounts' | 'clock' | 'settings'>, secret: string): Session | null {
  const session = ctx.accounts.findSession(secret)
  if (session === null) return null
  const now = ctx.clock.now()
  const { openedAfter, seenAfter } = sessionLimits(ctx.settings, now)
  if (session.openedAt <= openedAfter || session.seenAt <= seenAfter) {
    ctx.accounts.endSession(secret)
    return null
  }
  if (now - session.seenAt >= Math.min(touchEveryMs, ctx.settings.console.sessionIdleMs / 2))
    ctx.accounts.touchSession(secret, now)
  return session
}
