import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bearerAuth } from 'hono/bearer-auth'
import { createMiddleware } from 'hono/factory'
import { nightReport, toNightDocument } from '../app/night-report.ts'
import { readSamples } from '../app/read-samples.ts'
import { checkReadiness } from '../app/readiness.ts'
import type { SignIn } from '../app/sign-in.ts'
import { allows } from '../domain/roles.ts'
import { isBusinessDate } from '../domain/time.ts'
import type { ConsoleContext, Visitor } from './context.ts'
import { exportRoutes } from './export-routes.ts'
import { isPrivate } from './origin.ts'
import { findVisitor } from './visitors.ts'

/**
 * What other programs ask: health and readiness, open to all; the metrics; the night's report and the register's exports, open as long as
 * only this machine reaches the console, else to who is signed in or gives a user's name and password (HTTP Basic).
 */
export function machineRoutes(
  ctx: ConsoleContext,
  signIn: SignIn,
): Hono<{ Variables: { visitor: Visitor | null; address: string } }> {
  const app = new Hono<{ Variables: { visitor: Visitor | null; address: string } }>()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const { ready, parts } = await checkReadiness(ctx)
    return c.json({ status: ready ? 'ready' : 'not ready', parts }, ready ? 200 : 503)
  })
  app.get('/metrics', metricsGate(ctx), async (c) => {
    const { contentType, text } = await ctx.metrics.show(await readSamples(ctx))
    return c.body(text, 200, { 'Content-Type': contentType })
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

/**
 * Who may read the metrics: whoever gives the token when there is one; without one all of this machine, as long as nobody else
 * reaches the console. A scraper cannot sign in, and a password would be hashed at every scrape.
 */
function metricsGate({ settings, metricsToken: token }: ConsoleContext) {
  if (token !== null) return bearerAuth({ token })
  return createMiddleware(async (c, next) => {
    if (isPrivate(settings.console)) return next()
    return c.text('set console.metricsTokenFile, and give the token as a bearer token', 403)
  })
}
