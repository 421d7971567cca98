import { canonicalJson } from '../domain/ids.ts'
import { refKey, type StagedRecord, type UnitRef } from '../domain/unit.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { assertChecksum } from '../formats/sidecars.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import type { ValidateInput } from './intake-files.ts'
import { mandateOf } from './mandate-of.ts'
import { validateDelivery } from './validate-delivery.ts'

/** What validation hands to the register: its result, with the long lists by hash. */
export interface ValidationOutcome extends Omit<ValidationResult, 'rejectedRefs'> {
  readonly stagedSha256: string
  readonly rejectedRefsSha256: string
}

/** Checks a stored file by all rules and stages its good records, one JSON line each. Writes nothing but blobs. */
export async function validateFile(ctx: EdgeContext, { fileId, inputSha256 }: JobPayloads['validate']): Promise<StepResult> {
  const input = await getDocument(ctx.files, inputSha256, trusted<ValidateInput>())
  const staged: StagedRecord[] = []
  const { rejectedRefs, ...result } = await validateDelivery({
    fileName: input.name,
    content: readPromised(ctx, input),
    mandate: mandateOf(ctx.settings, input.supplierId),
    codeMap: ctx.settings.kodetabeller.lovgrundlag,
    limits: ctx.settings.limits,
    rules: { levels: ctx.settings.regler },
    provenWhole: input.promisedSha256 === input.sha256,
    emit: (record) => void staged.push(record),
  })
  // A record may be taken back by a later line, as a duplicate is; it was mentioned, but it does not stand.
  const takenBack = new Set(rejectedRefs.map(refKey))
  const standing = result.verdict === 'validated' ? staged.filter((record) => !takenBack.has(refKey(record.ref))) : []
  const outcome: ValidationOutcome = {
    ...result,
    stagedSha256: (await ctx.files.put(standing.map(canonicalJson).join('\n'))).sha256,
    rejectedRefsSha256: (await putDocument(ctx.files, rejectedRefs satisfies readonly UnitRef[])).sha256,
  }
  const resultSha256 = (await putDocument(ctx.files, outcome)).sha256
  return {
    outcome: result.verdict,
    next: [{ job: 'record-validation', payload: { fileId, resultSha256 } }],
    facts: { read: result.counts.read, rejected: result.counts.rejected },
  }
}

/** The file's bytes, unless a checksum file beside it promised others: then nothing of it is read. */
async function* readPromised(ctx: EdgeContext, { sha256, promisedSha256 }: ValidateInput): AsyncGenerator<Buffer> {
  if (promisedSha256 !== null) assertChecksum(promisedSha256, sha256)
  yield* ctx.files.read(sha256)
}
