import type { Position } from '../domain/unit.ts'

/** Takes the text of one file piece by piece and hands its records to a RecordHandler. Ends with FileStop. */
export interface RecordReader {
  write(text: string): void
  /** The end of the file. `provenWhole`: something else, a checksum, shows that nothing is cut off. */
  end(provenWhole: boolean): void
  /** Where the text read so far ends. */
  here(): Position
}
