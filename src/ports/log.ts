/** Facts beside a fixed message. Never names, file content, CPR numbers, keys. */
export type LogFields = Readonly<Record<string, unknown>>

/** Structured log. error = a person must look; warn = heals by itself or was held; info = steps; debug = details. */
export interface Log {
  child(fields: LogFields): Log
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}
