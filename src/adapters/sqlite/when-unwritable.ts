import Database from 'better-sqlite3'
import { StandstillError } from '../../domain/errors.ts'

/** What SQLite says when the file is sound and the machine does not let it go on. */
const standstill = /^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN)/

/** Does the work, and says of a register that cannot be written now what that means. @throws REGISTER_WRITE_FAILED */
export function whenUnwritable<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError) || !standstill.test(cause.code)) throw cause
    throw new StandstillError('REGISTER_WRITE_FAILED', `writing the register ${path}: ${cause.message} (${cause.code})`, {
      dataState: 'the step was rolled back; everything before it stands',
      hint: 'make room on its disk, see that it may be written, and end whatever else has it locked; tried again by itself',
      facts: { sqlite: cause.code },
      cause,
    })
  }
}
