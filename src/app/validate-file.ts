import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { toStagedText } from '../domain/sift-records.ts'
import type { StagedRecord, UnitRef } from '../domain/unit.ts'
import type { ValidationResult } from '../domain/validation.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import { checkContent } from './check-content.ts'
import type { StepContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import type { ValidateInput } from './intake-files.ts'

/** What validation hands to the register: its result, with the long lists by hash. */
export interface ValidationOutcome extends Omit<ValidationResult, 'rejectedRefs'> {
  /** Records as they came, those included that a later line took back: `rejectedRefs` names them. */
  readonly stagedSha256: string
  readonly rejectedRefsSha256: string
}

/** Checks a stored file by all rules and stages its good records, one JSON line each. Writes nothing but blobs. */
export async function validateFile(
  ctx: StepContext,
  { fileId, inputSha256 }: JobPayloads['validate'],
  signal?: AbortSignal,
): Promise<StepResult> {
  const input = await getDocument(ctx.files, inputSha256, trusted<ValidateInput>())
  // Written as they come, so that memory does not depend on the size of the file.
  const lines = new PassThrough()
  // Told to who reads it, which may be later than now.
  lines.on('error', () => undefined)
  const stored = ctx.files.put(lines)
  stored.catch((error: unknown) => lines.destroy(error as Error))
  const content = ctx.files.read(input.sha256)
  const stage = async (record: StagedRecord) => {
    if (!lines.write(`${toStagedText(record)}\n`)) await once(lines, 'drain')
  }
  const { rejectedRefs, ...result } = await checkContent(ctx.settings, input, content, stage, signal).catch(async (error) => {
    // What was staged of a file that was not read to its end is not kept.
    lines.destroy(error)
    await stored.catch(() => undefined)
    throw error
  })
  lines.end()
  const outcome: ValidationOutcome = {
    ...result,
    stagedSha256: (await stored).sha256,
    rejectedRefsSha256: (await putDocument(ctx.files, rejectedRefs satisfies readonly UnitRef[])).sha256,
  }
  const resultSha256 = (await putDocument(ctx.files, outcome)).sha256
  return {
    outcome: result.verdict,
    next: [{ job: 'record-validation', payload: { fileId, resultSha256 } }],
    facts: { read: result.counts.read, rejected: result.counts.rejected },
  }
}
