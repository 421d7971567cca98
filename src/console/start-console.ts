import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { RegisterContext } from '../app/context.ts'
import { nightReport } from '../app/night-report.ts'
import { isBusinessDate } from '../domain/time.ts'
import type { JobQueue } from '../ports/jobs.ts'
import { exportRoutes } from './export-routes.ts'

export interface Console {
  readonly url: string
  close(): Promise<void>
}

/** Serves health, readiness, the night's report and the register's exports, read-only. */
export async function startConsole(deps: {
  readonly register: RegisterContext
  readonly queue: JobQueue
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
}): Promise<Console> {
  const { register, queue, host, port } = deps
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    try {
      register.register.read((tx) => tx.nights.latest())
      return c.json({ status: 'ready', queues: await queue.counts() })
    } catch (error) {
      register.log.warn({ error }, 'not ready')
      return c.json({ status: 'not ready' }, 503)
    }
  })
  app.get('/nights/:date', (c) => {
    const date = c.req.param('date')
    const report = isBusinessDate(date) ? nightReport(register, date) : null
    return report === null ? c.json({ error: `no night on ${date}` }, 404) : c.json(report)
  })
  app.route('/export', exportRoutes(register))
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      resolve({ url: `http://${host}:${info.port}`, close: () => new Promise((done) => server.close(() => done())) })
    })
    server.on('error', reject)
  })
}
