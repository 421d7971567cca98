/** What the server does wrong on purpose. Each one is a failure seen at real servers. */
export interface SftpMoods {
  /** Wait before every answer. */
  readonly latencyMs: number
  /**
   * Stops answering while the connection stays open: `connect` from the first packet, `calls` from the next request on,
   * `transfer` once some content of a file was sent.
   */
  readonly blackHole: 'off' | 'connect' | 'calls' | 'transfer'
  /** Cuts the connection when so many bytes of one file were sent. */
  readonly dropAfterBytes: number | null
  /** Says "end of file" when so many bytes of one file were sent. */
  readonly endAfterBytes: number | null
  /** Added to the size in listings and stats. */
  readonly sizeLieBytes: number
  /** Added to all times shown. */
  readonly clockSkewMs: number
  /** A supplier that is still writing: the file grows with every look (listing, stat or read) until all of it is there. */
  readonly slowWriter: SlowWriter | null
  /** Renames are answered with "failure" and not done. */
  readonly refuseRename: boolean
  /** Renames are done, then the connection is cut before the answer. */
  readonly loseRenameAnswer: boolean
  /** Renames are done, and answered with "failure". */
  readonly denyRenameDone: boolean
  /** Stats of names are answered with an open file, against the protocol. */
  readonly wrongAnswer: boolean
}

export interface SlowWriter {
  /** Path of the file under the user's root. */
  readonly path: string
  readonly content: string | Uint8Array
  readonly bytesPerLook: number
}

/** A well-behaved server. */
export const calmMoods: SftpMoods = {
  latencyMs: 0,
  blackHole: 'off',
  dropAfterBytes: null,
  endAfterBytes: null,
  sizeLieBytes: 0,
  clockSkewMs: 0,
  slowWriter: null,
  refuseRename: false,
  loseRenameAnswer: false,
  denyRenameDone: false,
  wrongAnswer: false,
}
