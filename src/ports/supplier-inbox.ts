/** A file as the supplier's server lists it. */
export interface InboxEntry {
  readonly name: string
  readonly sizeBytes: number
  /** The server's own time stamp, whole seconds; compared with itself only, never with our clock. */
  readonly modifiedAt: number
}

/**
 * One open session on a supplier's folder. Every call has its own deadline; a dead connection ends as
 * SFTP_DEADLINE_PASSED, never as a hang.
 */
export interface InboxSession {
  /** Plain files in the folder, by name; folders, links and special files are left out. An empty list when the folder is empty. */
  list(): Promise<readonly InboxEntry[]>
  /**
   * Streams the bytes of a file. Ends with SFTP_FILE_TRUNCATED when their number is not what the server says the file
   * has, with SFTP_FILE_CHANGED when size or time differ from `entry` before or after.
   */
  fetch(entry: InboxEntry): AsyncIterable<Buffer>
  /**
   * Puts a document beside the supplier's files: written under a temporary name, then renamed. Safe to repeat: when the
   * name already holds the same bytes, nothing happens; when it holds others, they are replaced. @throws SFTP_WRITE_FAILED
   */
  deliver(name: string, content: Uint8Array): Promise<void>
  /** Moves a file into the supplier's folder for read files, under a free name. Safe to repeat: a file that is gone is no error. */
  moveToRead(name: string): Promise<void>
  close(): Promise<void>
}

/** How the worker reaches a supplier's folder. */
export interface SupplierInbox {
  /**
   * Connects and logs in. The host key is checked against the pinned ones before any credential is sent.
   * @throws SFTP_HOST_UNREACHABLE, SFTP_HOST_KEY_UNKNOWN, SFTP_HOST_KEY_CHANGED, SFTP_LOGIN_REFUSED, SFTP_DEADLINE_PASSED
   */
  open(supplierId: string): Promise<InboxSession>
}
