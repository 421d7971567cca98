/** What became of a blob that a backup asked for. */
export type BlobOutcome = 'added' | 'there' | 'missing' | 'corrupt'

/** A backup that is being written; it counts once it is finished. */
export interface BackupDraft {
  /** Where the copy of the register goes. */
  readonly registerPath: string
  /** Takes a blob of the file store over unless the folder has it; what is added is read back and checked against its hash. */
  addBlob(sha256: string): Promise<BlobOutcome>
  /** Writes the list of blobs and the manifest, flushes everything, and gives the backup its name. */
  finish(manifest: string, blobs: readonly string[]): Promise<void>
  /** Removes what was written; safe after `finish`. */
  discard(): Promise<void>
}

/**
 * A folder of backups. Each has the register, a manifest and the list of its blobs; the blobs themselves are shared, since they
 * never change. The names are times, so they sort by age.
 */
export interface Backups {
  /** Where they lie, for a person. */
  readonly folder: string
  /** @throws BACKUP_WRITE_FAILED */
  begin(name: string): Promise<BackupDraft>
  /** Names of finished backups, newest first. */
  names(): Promise<readonly string[]>
  /** @throws BACKUP_UNUSABLE when there is no such backup */
  open(name: string): Promise<StoredBackup>
  remove(name: string): Promise<void>
  /** Removes the blobs that no backup lists; returns how many. Does nothing while another backup is being written. */
  removeUnlistedBlobs(): Promise<number>
}

/** A finished backup. */
export interface StoredBackup {
  readonly registerPath: string
  readonly manifest: string
  readonly blobs: readonly string[]
  /** Hex SHA-256 of the register's copy as it lies there. */
  registerSha256(): Promise<string>
  /** The bytes of a blob. @throws BACKUP_UNUSABLE when they are not there */
  readBlob(sha256: string): AsyncIterable<Buffer>
}
