import type { BilingualText } from './bilingual-text.ts'
import { differingFields, type InstitutionRecord, type InstitutionRecordField } from './institution-record.ts'
import type { UniloginRow } from './match-units.ts'
import { type QualityCheck, qualityChecks } from './quality.ts'
import { type Instant, toMinute } from './time.ts'

/** How Unilogin can differ from the register, by the names of the quality report, which says who must act. */
export const driftKinds = [
  'mangler-i-unilogin',
  'afviger-i-unilogin',
  'nedlagt-i-register',
  'kun-i-unilogin',
] as const satisfies readonly QualityCheck[]
export type DriftKind = (typeof driftKinds)[number]

export interface Drift {
  readonly kind: DriftKind
  /** Names of the fields that differ; never their values. */
  readonly fields: readonly InstitutionRecordField[]
}

/** Fields that a look-up is known to leave out now and then; left out, they say nothing. Observed. */
const sometimesLeftOut = ['kommunenr', 'kommune'] as const satisfies readonly InstitutionRecordField[]
/** So few of the numbers looked at may be gone whatever the share. Ours. */
const fewGone = 5

/**
 * How what Unilogin holds of a number differs from what the register says; null when it does not.
 * @param own The record that the register gives: null of a closed unit, undefined of a number that it does not know.
 */
export function findDrift(own: InstitutionRecord | null | undefined, held: InstitutionRecord | null): Drift | null {
  if (held === null) return own ? { kind: 'mangler-i-unilogin', fields: [] } : null
  if (own === undefined) return { kind: 'kun-i-unilogin', fields: [] }
  if (own === null) return { kind: 'nedlagt-i-register', fields: [] }
  const untold = Object.fromEntries(sometimesLeftOut.map((name) => [name, own[name]]))
  const fields = differingFields(own, { ...untold, ...held } as InstitutionRecord)
  return fields.length === 0 ? null : { kind: 'afviger-i-unilogin', fields }
}

/** A list's row as a record: what the list has no column for, or leaves empty, is taken to be as the register says. */
export function recordOfRow(own: InstitutionRecord | null | undefined, row: UniloginRow): InstitutionRecord {
  const { instnr, instnavn, adresse, postnr, kommunenr } = row
  const told = Object.entries({ instnavn, adresse, postnr, kommunenr }).filter(([, value]) => value !== null && value !== '')
  return { ...own, ...Object.fromEntries(told), instnr }
}

/** What is kept of an institution that the register does not know, for a person to find it by. */
export function rowOfRecord({ instnr, instnavn, adresse, postnr, kommunenr }: InstitutionRecord): UniloginRow {
  return { instnr, instnavn: instnavn ?? '', adresse: adresse ?? '', postnr: postnr ?? '', kommunenr: kommunenr ?? null }
}

/**
 * Whether so many of the open units looked at can be gone at once, or rather the look was wrong. Ours, as for the list of
 * data agreements.
 * @param lostRatio 0-1.
 */
export function isSuspectLook(open: number, gone: number, lostRatio: number): boolean {
  return gone > Math.max(fewGone, open * lostRatio)
}

/** How a number stood in Unilogin when it was last looked at. */
export function driftText(look: {
  readonly lookedAt: Instant
  readonly kind: DriftKind | null
  readonly fields: readonly string[]
  readonly sinceAt: Instant | null
}): BilingualText {
  const { lookedAt, kind, fields, sinceAt } = look
  const at = toMinute(lookedAt)
  if (kind === null || sinceAt === null) return { da: `set ${at}: som her`, en: `seen ${at}: as here` }
  const { titel } = qualityChecks[kind]
  const [names, since] = [fields.length === 0 ? '' : `: ${fields.join(', ')}`, toMinute(sinceAt)]
  return {
    da: `set ${at}: ${titel.da}${names}; sådan siden ${since}`,
    en: `seen ${at}: ${titel.en}${names}; so since ${since}`,
  }
}
