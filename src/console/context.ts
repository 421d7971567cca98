import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import type { Context } from 'hono'
import type { OperatorContext } from '../app/context.ts'
import type { Role } from '../domain/roles.ts'
import type { Instant } from '../domain/time.ts'
import type { Accounts, Session } from '../ports/accounts.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import type { Metrics } from '../ports/metrics.ts'

/** What the console has: what an operator's command has, and who may use it. */
export interface ConsoleContext extends OperatorContext {
  readonly accounts: Accounts
  /** Where people of an organisation sign in; null when the settings name none. */
  readonly identity: IdentityProvider | null
  readonly metrics: Metrics
  /** Who may read the metrics when others than this machine reach the console; null when nobody may. */
  readonly metricsToken: string | null
  /** When the scheduler starts the next night; null when it would start none. */
  nextNight(): Instant | null
  /** For Bull Board. */
  viewQueues(): Promise<BaseAdapter[]>
}

/** What is known of the browser that asks: its session's secret, and whose it is; null when nobody is signed in. */
export interface Visitor {
  readonly secret: string
  readonly session: Session
}

export type PageContext = Context<{ Variables: { visitor: Visitor | null; address: string; language: string } }>

/** One page or action, and who may ask for it; `alle` needs no sign-in. */
export interface Route {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly needs: Role | 'alle'
  readonly handle: (c: PageContext, ctx: ConsoleContext) => Response | Promise<Response>
}

/** Whoever asked; only for routes that need a sign-in. */
export function visitorOf(c: PageContext): Visitor {
  const visitor = c.get('visitor')
  if (visitor === null) throw new Error('a page that needs a sign-in was shown to nobody')
  return visitor
}
