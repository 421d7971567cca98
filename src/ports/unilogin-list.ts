import type { Instant } from '../domain/time.ts'

/** A list of all institutions in Unilogin, as somebody has got it from there: CSV. */
export interface UniloginList {
  readonly content: AsyncIterable<Uint8Array>
  /** Of when it is. */
  readonly at: Instant
}

/** Where such lists are put. @throws CONFIG_FILE_UNREADABLE when there is none */
export type OpenUniloginList = () => Promise<UniloginList>
