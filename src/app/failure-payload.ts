import type { JobFailure } from '../ports/register.ts'

/** The ids that a failed job was given, as far as it was given any. */
export function payloadOf({ payload }: Pick<JobFailure, 'payload'>): {
  readonly fileId?: string
  readonly supplierId?: string
  readonly batchId?: string
  readonly receiptId?: string
} {
  return JSON.parse(payload) as ReturnType<typeof payloadOf>
}
