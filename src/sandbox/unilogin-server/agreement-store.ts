import { z } from 'zod'
import { instnrPattern } from '../../formats/unilogin/institution-element.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SandboxDatabase } from './open-sandbox-database.ts'

/** Statuses of a data agreement in the portal where they are asked for and approved. Source: public code that reads the portal. */
const agreementStatuses = ['VENTER', 'GODKENDT', 'AFVIST', 'SLETTET'] as const

/** Sets the agreements of some numbers. */
export const AgreementChange = z.strictObject({
  /** The sending system; the id the worker's settings start with by default. */
  system: z.string().min(1).default('DSSYNC01'),
  instnr: z.array(z.string().regex(instnrPattern)).min(1),
  status: z.enum(agreementStatuses),
  comment: z.string().nullable().default(null),
})
export type AgreementChange = z.infer<typeof AgreementChange>

/**
 * What becomes of a number that has just been opened. `approve` gives the system an approved agreement at once, which is
 * handy and not how it is: in the portal a new number starts without any, as with `withhold`.
 */
export const NewNumbers = z.enum(['approve', 'withhold'])
export type NewNumbers = z.infer<typeof NewNumbers>

/** Data agreements per system and number, with their history. */
export interface AgreementStore {
  /** Numbers with an approved agreement that a look-up would show by now, closed ones included: theirs stay until a person acts. */
  approved(system: string, takenBy: number): readonly string[]
  set(change: AgreementChange): void
  /** For a number that has just been opened by a system. */
  open(system: string, instnr: string): void
  newNumbers(): NewNumbers
  setNewNumbers(policy: NewNumbers): void
  counts(): readonly { readonly system: string; readonly status: string; readonly numbers: number }[]
  history(instnr: string): readonly { readonly at: number; readonly status: string; readonly comment: string | null }[]
}

export function openAgreementStore(database: SandboxDatabase, clock: Clock): AgreementStore {
  const approved = database
    .prepare<[string, number], string>(
      `SELECT instnr FROM agreement JOIN institution_version USING (instnr)
       WHERE system = ? AND status = 'GODKENDT' AND version = 1 AND taken_at <= ? ORDER BY instnr`,
    )
    .pluck()
  const put = database.prepare<[string, string, string]>(
    'INSERT OR REPLACE INTO agreement (system, instnr, status) VALUES (?, ?, ?)',
  )
  const note = database.prepare<[number, string, string, string, string | null]>(
    'INSERT INTO agreement_history (at, system, instnr, status, comment) VALUES (?, ?, ?, ?, ?)',
  )
  const readPolicy = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'newNumbers'").pluck()
  const writePolicy = database.prepare<[string]>("INSERT OR REPLACE INTO meta (name, value) VALUES ('newNumbers', ?)")
  const counts = database.prepare<[], { system: string; status: string; numbers: number }>(
    'SELECT system, status, count(*) AS numbers FROM agreement GROUP BY system, status ORDER BY 1, 2',
  )
  const history = database.prepare<[string], { at: number; status: string; comment: string | null }>(
    'SELECT at, status, comment FROM agreement_history WHERE instnr = ? ORDER BY seq',
  )
  const store: AgreementStore = {
    approved: (system, takenBy) => approved.all(system, takenBy),
    set({ system, instnr, status, comment }) {
      database.transaction(() => {
        for (const number of instnr) {
          put.run(system, number, status)
          note.run(clock.now(), system, number, status, comment)
        }
      })()
    },
    open(system, instnr) {
      if (store.newNumbers() === 'approve') store.set({ system, instnr: [instnr], status: 'GODKENDT', comment: null })
    },
    newNumbers: () => NewNumbers.parse(readPolicy.get() ?? 'approve'),
    setNewNumbers: (policy) => {
      writePolicy.run(policy)
    },
    counts: () => counts.all(),
    history: (instnr) => history.all(instnr),
  }
  return store
}
