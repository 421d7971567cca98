import { type DestinationStream, type Logger, pino } from 'pino'
import { SyncError } from '../../domain/errors.ts'
import type { Log, LogFields } from '../../ports/log.ts'
import { scrubText } from './scrub-text.ts'

/** Fields whose values never reach the log, wherever they stand and in whatever case: personal data, secrets, content. */
const privateNames: ReadonlySet<string> = new Set(
  [
    ...['navn', 'email', 'telefonNummer', 'cpr', 'vejNavn', 'instnavn', 'mailadresse', 'telefonnr', 'adresse'],
    ...['password', 'passphrase', 'privateKey', 'token', 'authorization', 'secret', 'cookie', 'auth', 'pass'],
    ...['value', 'fields', 'ekstra', 'record', 'request', 'reply', 'content'],
  ].map((name) => name.toLowerCase()),
)

/** A structured log, one JSON line an event, on standard output unless another stream is given. */
export function createLog(options: { readonly level: string; readonly stream?: DestinationStream }): Log {
  const stream = options.stream ?? pino.destination({ dest: 1, sync: true })
  return wrap(pino({ level: options.level, base: {} }, stream))
}

function wrap(logger: Logger): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](toPublic(fields), message)
  }
  return {
    child: (fields) => wrap(logger.child(toPublic(fields))),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

/**
 * A copy that may be written: private fields left out, texts cleaned of what is private by its looks, bytes counted, errors
 * described so that their facts are looked through too.
 */
function toPublic(fields: LogFields): Record<string, unknown> {
  const error = 'error' in fields ? { error: describeError(fields['error']) } : {}
  return copyObject({ ...fields, ...error }, [])
}

function copy(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value !== 'object' || value === null) return value
  if (above.includes(value)) return '[circular]'
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return copy(describeError(value), [...above, value])
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((item) => copy(item, [...above, value]))
  return copyObject(value, above)
}

function copyObject(value: object, above: readonly object[]): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    privateNames.has(name.toLowerCase()) ? '[left out]' : copy(inner, [...above, value]),
  ])
  return Object.fromEntries(entries)
}

function describeError(error: unknown): object {
  if (error instanceof SyncError) {
    const { code, message, dataState, hint, facts } = error
    return { code, message, dataState, hint, facts, cause: causeOf(error) }
  }
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack } = error
  return { name, message, stack, cause: causeOf(error) }
}

function causeOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}
