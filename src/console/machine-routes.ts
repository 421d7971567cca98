import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { nightReport, toNightDocument } from '../app/night-report.ts'
import type { SignIn } from '../app/sign-in.ts'
import { allows } from '../domain/roles.ts'
import { isBusinessDate } from '../domain/time.ts'
import type { ConsoleContext, Visitor } from './context.ts'
import { exportRoutes } from './export-routes.ts'
import { isPrivate } from './origin.ts'
import { findVisitor } from './visitors.ts'

/**
 * What other programs ask: health and readiness, open to all; the night's report and the register's exports, open as long as
 * only this machine reaches the console, else to who is signed in or gives a user's name and password (HTTP Basic).
 */
export function machineRoutes(
  ctx: ConsoleContext,
  signIn: SignIn,
): Hono<{ Variables: { visitor: Visitor | null; address: string } }> {
  const app = new Hono<{ Variables: { visitor: Visitor | null; address: string } }>()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    try {
      ctx.register.read((tx) => tx.nights.latest())
      return c.json({ status: 'ready', queues: await ctx.queue.counts() })
    } catch (error) {
      ctx.log.warn({ error }, 'not ready')
      return c.json({ status: 'not ready' }, 503)
    }
  })
  const password = basicAuth({
    realm: 'dagtilbud',
    verifyUser: async (brugernavn, secret, c) => {
      const user = await signIn.check({ brugernavn, password: secret, address: c.get('address') })
      return typeof user !== 'string' && allows(user.roller, 'se')
    },
  })
  for (const path of ['/nights/*', '/export/*']) {
    app.use(path, findVisitor(ctx), (c, next) => {
      return isPrivate(ctx.settings.console) || c.get('visitor') !== null ? next() : password(c, next)
    })
  }
  app.get('/nights/:date', (c) => {
    const date = c.req.param('date')
    const report = isBusinessDate(date) ? nightReport(ctx, date) : null
    return report === null ? c.json({ error: 'no such night' }, 404) : c.json(toNightDocument(report))
  })
  app.route('/export', exportRoutes(ctx))
  return app
}
