import type { BusinessDate } from '../domain/time.ts'
import type { Register } from './register.ts'

/** What a register has given out or told, and another in its place must not fall behind. */
export interface RegisterStanding {
  readonly ledger: { readonly seq: number; readonly hash: string }
  readonly position: number
  /** The next institution number by letter. */
  readonly numbers: Readonly<Record<string, number>>
  /** The latest `sourceDateTime` used for each number and source. */
  readonly clocks: readonly { readonly nummer: string; readonly source: string; readonly latest: string }[]
  readonly nights: readonly BusinessDate[]
  /** Every number, and the suppliers' ids of those that have one. */
  readonly units: readonly { readonly nummer: string; readonly supplierId: string | null; readonly lokalId: string | null }[]
}

/** The register's file while nobody has it open, and nobody can open it. */
export interface FreeRegister {
  /** Null when there is no register; a text when it cannot be read. */
  standing(): RegisterStanding | string | null
  /** Opens a copy of another register, brought to this version, in a place beside this one. @throws REGISTER_VERSION_NEWER, REGISTER_OPEN_FAILED */
  stage(from: string): Register
  /** Puts the staged register, which is closed by it, in this one's place. Returns where the replaced one is kept; null when there was none. */
  swap(staged: Register, time: string): string | null
}

/** The place of the register, for who replaces it. */
export interface RegisterFile {
  /** @throws REGISTER_IN_USE while any process has the register open */
  alone<T>(work: (register: FreeRegister) => Promise<T>): Promise<T>
}
