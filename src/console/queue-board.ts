import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { createBullBoard } from '@bull-board/api'
import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

/** Bull Board: what Redis holds in each queue, below `basePath`. */
export function createQueueBoard(basePath: string, queues: BaseAdapter[]): Hono {
  const server = new HonoAdapter(serveStatic).setBasePath(basePath)
  const uiBasePath = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'))
  createBullBoard({ queues, serverAdapter: server, options: { uiBasePath, uiConfig: { boardTitle: 'Dagtilbud Sync' } } })
  return new Hono({ strict: false }).route(basePath, server.registerPlugin() as unknown as Hono)
}
