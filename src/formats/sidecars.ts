/**
 * What a name in a supplier's folder stands for. Only a `delivery` is ever read as input: receipts and temporary files
 * lie in the same folder.
 */
export type FolderEntry =
  | { readonly kind: 'delivery' }
  /** `<delivery>.sha256` (or .sha256sum): the checksum of a delivery. */
  | { readonly kind: 'checksum'; readonly of: string }
  /** `<delivery>.done` (or .ok, .klar, .fin): says that the delivery is complete. */
  | { readonly kind: 'done'; readonly of: string }
  /** A document of ours. */
  | { readonly kind: 'receipt'; readonly of: string }
  /** Being written, hidden, or not a format we read. */
  | { readonly kind: 'other'; readonly why: 'temporary' | 'hidden' | 'unknown' | 'unsafe' }

const receiptName = /^(.+)\.(?:kvittering\.(?:json|csv|txt)|leveret\.json)$/i
const checksumName = /^(.+)\.sha256(?:sum)?$/i
const doneName = /^(.+)\.(?:done|ok|klar|fin)$/i
const temporaryName = /\.(?:tmp|temp|part|partial|filepart|crdownload|swp|bak|lock|writing)$|~$|^~\$/i
const deliveryName = /\.(?:xml|csv)(?:\.gz)?$|\.zip$/i

/** Tells what a file in a supplier's folder is, by its name alone. */
export function classifyEntry(name: string): FolderEntry {
  if (/[\x00-\x1f\x7f/\\]/.test(name) || name === '.' || name === '..') return { kind: 'other', why: 'unsafe' }
  if (name.startsWith('.')) return { kind: 'other', why: 'hidden' }
  const receiptOf = receiptName.exec(name)?.[1]
  if (receiptOf !== undefined) return { kind: 'receipt', of: receiptOf }
  if (temporaryName.test(name)) return { kind: 'other', why: 'temporary' }
  const checksumOf = checksumName.exec(name)?.[1]
  if (checksumOf !== undefined) return { kind: 'checksum', of: checksumOf }
  const doneOf = doneName.exec(name)?.[1]
  if (doneOf !== undefined) return { kind: 'done', of: doneOf }
  return deliveryName.test(name) ? { kind: 'delivery' } : { kind: 'other', why: 'unknown' }
}

/**
 * Reads a `.sha256` file in the form of sha256sum: the hash, then perhaps blanks and a name. Null when it holds no hash,
 * or only hashes of other files: then it proves nothing and is treated as damaged.
 */
export function parseChecksum(text: string, fileName: string): string | null {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  for (const line of lines) {
    const match = /^\\?([0-9a-fA-F]{64})(?:\s+\*?(.+))?$/.exec(line.trim())
    const named = match?.[2]?.split(/[\\/]/).at(-1)
    if (match?.[1] !== undefined && (named === undefined || named === fileName)) return match[1].toLowerCase()
  }
  return null
}
