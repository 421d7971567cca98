import type { Settings } from '../../config/settings.ts'
import type { StagedRecord } from '../domain/unit.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { assertChecksum } from '../formats/file-checksum.ts'
import type { ValidateInput } from './intake-files.ts'
import { mandateOf, supplierOf } from './mandate-of.ts'
import { ruleSettings } from './rule-settings.ts'
import { validateDelivery } from './validate-delivery.ts'

/** Holds a supplier's file against format and rules, as the settings and the mandates of its night say. */
export function checkContent(
  settings: Settings,
  input: ValidateInput,
  content: AsyncIterable<Uint8Array>,
  emit: (record: StagedRecord) => void | Promise<void>,
  signal?: AbortSignal,
): Promise<ValidationResult> {
  const { encoding } = supplierOf(settings, input.supplierId)
  return validateDelivery({
    fileName: input.name,
    content: readPromised(input, content),
    mandate: mandateOf(settings, input.supplierId, input.date),
    codeMap: settings.kodetabeller.lovgrundlag,
    date: input.date,
    limits: settings.limits,
    rules: ruleSettings(settings),
    provenWhole: input.promisedSha256 === input.sha256,
    ...(encoding === undefined ? {} : { encoding }),
    ...(signal === undefined ? {} : { signal }),
    emit,
  })
}

/** The file's bytes, unless a checksum file beside it promised others: then nothing of it is read. */
async function* readPromised(
  { sha256, promisedSha256 }: ValidateInput,
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (promisedSha256 !== null) assertChecksum('sidecar', promisedSha256, sha256)
  yield* content
}
