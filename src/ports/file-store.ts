/** Bytes that were stored: their lower-case hex SHA-256 and their length. */
export interface StoredBlob {
  readonly sha256: string
  readonly sizeBytes: number
}

/**
 * The bytes behind every hash in the register: supplier files, staged records, plans, requests and replies, receipts.
 * Write-once and named by content, so writing the same bytes twice is harmless. A blob is complete on disk
 * (flushed, then renamed into place) before `put` returns.
 */
export interface FileStore {
  /** @throws STORE_WRITE_FAILED */
  put(content: Uint8Array | string | AsyncIterable<Uint8Array>): Promise<StoredBlob>
  /** The whole blob, checked against its hash. @throws STORE_BLOB_MISSING, STORE_BLOB_CORRUPT */
  get(sha256: string): Promise<Buffer>
  /** The blob as a stream; the hash is checked when the last byte has been read. @throws as `get` */
  read(sha256: string): AsyncIterable<Buffer>
  has(sha256: string): Promise<boolean>
  /** Its length in bytes; null when it is not there. */
  sizeOf(sha256: string): Promise<number | null>
  /** Shows that something can be written here; leaves nothing behind. @throws STORE_WRITE_FAILED */
  check(): Promise<void>
  /** Takes a blob out for good; returns its size, null when it was not there. Only for what nothing will read again. */
  remove(sha256: string): Promise<number | null>
}
