import type { Position } from '../domain/unit.ts'

/** Why the reading of a file ended before its end: a finding at level `file`, by code. */
export interface StopCause {
  readonly code: string
  /** Null when the fault is about the file as a whole; 'here' when it is where the text read so far ends. */
  readonly position: Position | 'here' | null
  readonly field?: string
  readonly value?: string
  readonly facts?: Readonly<Record<string, string | number>>
}

/**
 * Ends the reading of a supplier's file from any depth. Not an error of ours: validateDelivery catches it and turns it
 * into the one cause of a rejection, so it never reaches a job.
 */
export class FileStop extends Error {
  readonly stop: StopCause

  constructor(stop: StopCause) {
    super(`reading stopped: ${stop.code}`)
    this.name = 'FileStop'
    this.stop = stop
  }
}
