import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { ConsoleContext, PageContext } from './context.ts'
import { createConsole } from './create-console.tsx'

export interface Console {
  readonly url: string
  close(): Promise<void>
}

/** Serves the operator's console, and what machines ask of it, at console.host and console.port; port 0 takes any free one. */
export async function startConsole(ctx: ConsoleContext): Promise<Console> {
  const { host, port, proxies } = ctx.settings.console
  const app = createConsole(ctx, (c) => addressOf(c, proxies))
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      resolve({ url: `http://${host}:${info.port}`, close: () => new Promise((done) => server.close(() => done())) })
    })
    server.on('error', reject)
  })
}

/** Who asks: the other end of the connection, or what the outermost of our own proxies saw there. */
function addressOf(c: PageContext, proxies: number): string {
  const connected = getConnInfo(c).remote.address ?? ''
  if (proxies === 0) return connected
  const forwarded = (c.req.header('X-Forwarded-For') ?? '').split(',').map((part) => part.trim())
  return forwarded.at(-proxies) ?? connected
}
