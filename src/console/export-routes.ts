import { type Context, Hono } from 'hono'
import type { RegisterContext } from '../app/context.ts'
import { changesPerPage, exportChanges } from '../app/export-changes.ts'
import { type OpenExport, openExport } from '../app/export-register.ts'
import { parseExportRequest, parseLimit } from '../app/export-request.ts'
import { SyncError } from '../domain/errors.ts'

/** A reader that takes longer is cut off: the register's file grows while one reads. */
const longestMs = 600_000

const statusOf = { EXPORT_REQUEST_INVALID: 400, MOMENT_INVALID: 400, EXPORT_POSITION_UNKNOWN: 409 } as const

/**
 * The register for those who read it, below /export: `<level>.csv` or `.json` with `kommune`, `as-of` and `known-at`, and
 * `changes` with `since` and `limit`. Read-only. Answers 400 to what cannot be asked, 409 to a place that is not the register's.
 */
export function exportRoutes(register: RegisterContext): Hono {
  const app = new Hono()
  app.onError((error, c) => {
    const status = error instanceof SyncError ? statusOf[error.code as keyof typeof statusOf] : undefined
    if (!(error instanceof SyncError) || status === undefined) throw error
    const { code, message, hint } = error
    return c.json({ error: code, message, hint }, status)
  })
  app.get('/changes', (c) => {
    assertKnownParameters(c, ['since', 'limit'])
    const limit = parseLimit(c.req.query('limit') ?? String(changesPerPage.default), changesPerPage.most)
    return c.json(exportChanges(register, { since: c.req.query('since') ?? '0', limit }), 200, { 'Cache-Control': 'no-cache' })
  })
  app.get('/:file{[a-z-]+\\.[a-z]+}', (c) => {
    assertKnownParameters(c, ['kommune', 'as-of', 'known-at'])
    const [level, format] = c.req.param('file').split('.')
    const request = parseExportRequest({
      level,
      format,
      kommune: c.req.query('kommune'),
      asOf: c.req.query('as-of'),
      knownAt: c.req.query('known-at'),
    })
    const opened = openExport(register, request)
    const headers = {
      ETag: opened.etag,
      'Cache-Control': 'no-cache',
      'Content-Type': opened.contentType,
      'Content-Disposition': `attachment; filename="${opened.fileName}"`,
      'Dagtilbud-Naeste': opened.cursor,
    }
    const known = (c.req.header('If-None-Match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    if (known.includes(opened.etag) || known.includes('*')) return closed(opened, c.body(null, 304, headers))
    if (c.req.method === 'HEAD') return closed(opened, c.body(null, 200, headers))
    return c.body(streamOf(opened), 200, headers)
  })
  return app
}

/** A parameter that is misspelt must not give everything instead of something. */
function assertKnownParameters(c: Context, names: readonly string[]): void {
  const [unknown] = Object.keys(c.req.query()).filter((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new SyncError('EXPORT_REQUEST_INVALID', `an export was asked for with the parameter "${unknown.slice(0, 40)}"`, {
    dataState: 'nothing was exported or changed',
    hint: `use ${names.join(', ')}`,
  })
}

function closed(opened: OpenExport, response: Response): Response {
  opened.close()
  return response
}

/** Read as fast as the other side takes it, one piece between two turns of the event loop. */
function streamOf({ chunks, close }: OpenExport): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    clearTimeout(timer)
    close()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        timer = setTimeout(() => {
          end()
          controller.error(new Error('the export was not read to its end in time'))
        }, longestMs).unref()
      },
      pull(controller) {
        const { value, done } = chunks.next()
        if (value !== undefined) controller.enqueue(encoder.encode(value))
        if (!done) return
        end()
        controller.close()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}
