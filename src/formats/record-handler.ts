import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { RawRecord, RecordFault } from '../domain/raw-record.ts'
import type { Position } from '../domain/unit.ts'
import type { OwnChecksum } from './file-checksum.ts'

/** What a reader of supplier files hands on, in the order of the file. */
export interface RecordHandler {
  /** Once, before the first record. */
  header(header: DeliveryHeader): void
  /** A record whose values can be told apart, with what is wrong with its form. */
  record(record: RawRecord, faults: readonly RecordFault[]): void
  /** A record whose values cannot be told apart. */
  unreadable(faults: readonly RecordFault[]): void
  /** The checksum that the file says of itself; at most once. */
  checksum(own: OwnChecksum): void
  /** A warning or note about the file as a whole, or about a place that holds no record. */
  remark(code: string, facts: Readonly<Record<string, string | number>>, position?: Position): void
}
