import { type DestinationStream, type Logger, pino } from 'pino'
import { SyncError } from '../../domain/errors.ts'
import type { Log } from '../../ports/log.ts'

/** Fields whose values never reach the log, wherever they stand: personal data, secrets, content. */
const redacted = ['navn', 'email', 'telefonNummer', 'cpr', 'password', 'privateKey', 'value', 'record', 'request', 'reply']

/** A structured log, one JSON line an event, on standard output unless another stream is given. */
export function createLog(options: { readonly level: string; readonly stream?: DestinationStream }): Log {
  const logger = pino(
    {
      level: options.level,
      base: {},
      redact: { paths: redacted.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[left out]' },
      serializers: { error: describeError },
    },
    options.stream ?? pino.destination({ dest: 1, sync: true }),
  )
  return wrap(logger)
}

function wrap(logger: Logger): Log {
  return {
    child: (fields) => wrap(logger.child(fields)),
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}

function describeError(error: unknown): unknown {
  if (error instanceof SyncError) {
    const { code, message, dataState, hint, facts } = error
    return { code, message, dataState, hint, facts, cause: error.cause instanceof Error ? error.cause.message : undefined }
  }
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : { message: String(error) }
}
