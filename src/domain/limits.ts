/** Bounds of what a supplier's file may ask of us. Each has its own finding; see docs/findings.md. */
export interface Limits {
  /** Bytes as they came, packed or not. */
  readonly fileBytes: number
  /** Bytes of a zip file; it is held in memory while it is read, since its directory stands last. */
  readonly zipBytes: number
  /** Bytes after unpacking. */
  readonly unpackedBytes: number
  /** Unpacked bytes per packed byte, looked at once the first `ratioFreeBytes` are out. */
  readonly ratio: number
  readonly ratioFreeBytes: number
  /** Entries in a zip file, folders and side files included. */
  readonly zipEntries: number
  readonly records: number
  /** Characters of one value that we keep without knowing it; known fields have widths of their own. XML: by the schema. */
  readonly fieldChars: number
  /** Characters of one record, all its fields and the text between them. */
  readonly recordChars: number
  /** Lines one CSV record may span; an unclosed quote would otherwise swallow the rest of the file. */
  readonly recordLines: number
  /** Columns of a CSV file; elements and attributes of one record in XML. */
  readonly columns: number
  /** Elements inside one another. */
  readonly xmlDepth: number
  /** How far from the night it comes in the date may lie that a file holds from, ahead or back. */
  readonly gyldigFraDays: number
  /** Findings that are listed; further ones are only counted. */
  readonly findings: number
  /** Listed findings of one code. */
  readonly findingsPerCode: number
  /** Dropped records before the file as a whole is refused. */
  readonly rejectedRecords: number
}

/** The limits a file meets when nothing else is set: far above any municipality's file, far below what would hurt. */
export const defaultLimits: Limits = {
  fileBytes: 1_000_000_000,
  zipBytes: 100_000_000,
  unpackedBytes: 2_000_000_000,
  ratio: 200,
  ratioFreeBytes: 10_000_000,
  zipEntries: 20,
  records: 2_000_000,
  fieldChars: 1_000,
  recordChars: 50_000,
  recordLines: 100,
  columns: 200,
  xmlDepth: 16,
  gyldigFraDays: 400,
  findings: 1_000,
  findingsPerCode: 200,
  rejectedRecords: 20_000,
}
