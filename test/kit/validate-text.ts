import { type ValidateInput, validateDelivery } from '../../src/app/validate-delivery.ts'
import type { Finding } from '../../src/domain/finding.ts'
import type { StagedRecord } from '../../src/domain/unit.ts'
import type { ValidationResult } from '../../src/domain/validation.ts'

/** What came of a text: the result, and the records that were handed on. */
export interface Validated {
  readonly result: ValidationResult
  readonly staged: readonly StagedRecord[]
}

/** Validates bytes or text under a name, in pieces of `pieceBytes` when given. */
export async function validateBytes(
  fileName: string,
  content: string | Uint8Array,
  options: Partial<Omit<ValidateInput, 'fileName' | 'content' | 'emit'>> & { readonly pieceBytes?: number } = {},
): Promise<Validated> {
  const staged: StagedRecord[] = []
  const { pieceBytes, ...rest } = options
  const result = await validateDelivery({
    mandate: null,
    codeMap: {},
    ...rest,
    fileName,
    content: toPieces(typeof content === 'string' ? Buffer.from(content, 'utf8') : content, pieceBytes),
    emit: (record) => void staged.push(record),
  })
  return { result, staged }
}

/** Bytes as a stream of pieces, the last one perhaps shorter. */
export async function* toPieces(bytes: Uint8Array, pieceBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

/** The codes of findings, each once, sorted. */
export function codesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map((finding) => finding.code))].sort()
}
