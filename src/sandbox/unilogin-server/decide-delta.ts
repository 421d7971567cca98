import { institutionstyper } from '../../domain/code-tables.ts'
import {
  differingFields,
  enhedsarter,
  type InstitutionRecord,
  type InstitutionRecordField,
} from '../../domain/institution-record.ts'
import { kommuner, regioner } from '../../domain/kommuner.ts'
import { parentKind, type UnitKind, unitKinds } from '../../domain/unit.ts'
import type { DeltaRequest } from '../../formats/unilogin/institution-delta.ts'
import { instnrPattern } from '../../formats/unilogin/institution-element.ts'
import { findTooLongField } from '../../formats/unilogin/institution-field-limits.ts'
import type { RefusalCode } from './refusal-texts.ts'

export interface KnownInstitution {
  readonly record: InstitutionRecord
  readonly closed: boolean
}

/** What the feed knows when a delta comes. */
export interface Known {
  readonly present: KnownInstitution | null
  /** The unit that the delta names as its parent. */
  readonly parent: KnownInstitution | null
  readonly openChildren: number
  /** Last sourceDateTime taken for this number and source. */
  readonly lastSourceDateTime: string | null
  /** Whether the municipality chose the sending system. */
  readonly mayFeed: (admkommunenr: string) => boolean
}

export type DeltaDecision =
  /** Taken: the clock moves, and `next` is stored when it is not null. */
  | { readonly kind: 'taken'; readonly reskode: 'OK' | 'UAENDRET'; readonly next: KnownInstitution | null }
  /** Turned away: nothing changes. */
  | { readonly kind: 'refused'; readonly kode: RefusalCode; readonly felt: InstitutionRecordField | null }
  /** The municipality did not choose the sending system: nothing changes. */
  | { readonly kind: 'denied' }

const unchanged: DeltaDecision = { kind: 'taken', reskode: 'UAENDRET', next: null }

/**
 * The feed's rules in their order: lengths, codes, the system's municipalities, time, then the operation's own rules.
 * They follow Dagtilbudsregisteret's published policies (order of levels, no re-use of numbers, moves inside the municipality,
 * no cascade); that they hold on this wire is our contract.
 */
export function decideDelta(delta: DeltaRequest, known: Known): DeltaDecision {
  const tooLong = findTooLongField(delta.record)
  if (tooLong !== null) return refuse('FELT_FOR_LANGT', tooLong)
  const unknownCode = codeFields.find((field) => !isKnownCode(field, delta.record[field]))
  if (unknownCode !== undefined) return refuse('KODE_UKENDT', unknownCode)
  if (!isFedBy(delta, known)) return { kind: 'denied' }
  if (known.lastSourceDateTime !== null && delta.sourceDateTime <= known.lastSourceDateTime) return refuse('IKKE_NYERE')
  switch (delta.operation) {
    case 'opret':
      return decideOpret(delta.record, known)
    case 'opdater':
      return decideOpdater(delta.record, known)
    case 'flyt':
      return decideFlyt(delta.record, known)
    case 'nedlaeg':
      return decideNedlaeg(known)
  }
}

function decideOpret(record: InstitutionRecord, { present, parent }: Known): DeltaDecision {
  if (present !== null) return refuse(present.closed ? 'INSTNR_NEDLAGT' : 'INSTNR_FINDES')
  return (
    findMissingField(record) ??
    findParentProblem(record, parent) ?? { kind: 'taken', reskode: 'OK', next: { record, closed: false } }
  )
}

function decideOpdater(record: InstitutionRecord, { present }: Known): DeltaDecision {
  if (present === null) return refuse('INSTNR_UKENDT')
  if (present.closed) return refuse('INSTNR_NEDLAGT')
  const missing = findMissingField(record)
  if (missing !== null) return missing
  if (record.enhedsart !== present.record.enhedsart) return refuse('FORKERT_NIVEAU', 'enhedsart')
  if (record.hovedinstitutionsnr !== present.record.hovedinstitutionsnr) return refuse('BRUG_FLYT', 'hovedinstitutionsnr')
  if (differingFields(record, present.record).length === 0) return unchanged
  return { kind: 'taken', reskode: 'OK', next: { record, closed: false } }
}

function decideFlyt(record: InstitutionRecord, { present, parent }: Known): DeltaDecision {
  if (present === null) return refuse('INSTNR_UKENDT')
  if (present.closed) return refuse('INSTNR_NEDLAGT')
  if (present.record.enhedsart === enhedsarter.daginstitution) return refuse('FLYT_IKKE_MULIG')
  const differing = differingFields(record, present.record)
  const other = differing.find((field) => field !== 'hovedinstitutionsnr')
  if (other !== undefined) return refuse('FLYT_ANDRE_FELTER', other)
  if (differing.length === 0) return unchanged
  const problem = findParentProblem(record, parent)
  if (problem !== null) return problem
  if (parent?.record.admkommunenr !== record.admkommunenr) return refuse('FLYT_UDEN_FOR_KOMMUNE', 'hovedinstitutionsnr')
  return { kind: 'taken', reskode: 'OK', next: { record, closed: false } }
}

function decideNedlaeg({ present, openChildren }: Known): DeltaDecision {
  if (present === null) return refuse('INSTNR_UKENDT')
  if (present.closed) return unchanged
  if (openChildren > 0) return refuse('HAR_UNDERENHEDER')
  return { kind: 'taken', reskode: 'OK', next: { record: present.record, closed: true } }
}

function refuse(kode: RefusalCode, felt: InstitutionRecordField | null = null): DeltaDecision {
  return { kind: 'refused', kode, felt }
}

const codeFields = [
  'type3',
  'postnr',
  'hovedinstitutionsnr',
  'kommunenr',
  'admkommunenr',
  'regionsnr',
  'enhedsart',
] as const satisfies readonly InstitutionRecordField[]

function isKnownCode(field: (typeof codeFields)[number], value: string | undefined): boolean {
  if (value === undefined) return true
  switch (field) {
    case 'type3':
      return institutionstyper.has(value)
    case 'postnr':
      return /^\d{4}$/.test(value)
    case 'hovedinstitutionsnr':
      return instnrPattern.test(value)
    case 'kommunenr':
    case 'admkommunenr':
      return kommuner.has(value)
    case 'regionsnr':
      return regioner.has(value)
    case 'enhedsart':
      return kindOf(value) !== undefined
  }
}

/** The municipality that has the unit now and the one that gets it must both have chosen the system. */
function isFedBy(delta: DeltaRequest, known: Known): boolean {
  const now = delta.operation === 'opret' ? undefined : known.present?.record.admkommunenr
  const then = delta.operation === 'nedlaeg' ? undefined : delta.record.admkommunenr
  return [now, then].every((admkommunenr) => admkommunenr === undefined || known.mayFeed(admkommunenr))
}

function findMissingField(record: InstitutionRecord): DeltaDecision | null {
  const missing = (['instnavn', 'admkommunenr', 'enhedsart'] as const).find((field) => record[field] === undefined)
  return missing === undefined ? null : refuse('FELT_MANGLER', missing)
}

function findParentProblem(record: InstitutionRecord, parent: KnownInstitution | null): DeltaDecision | null {
  const kind = kindOf(record.enhedsart)
  const wanted = kind === undefined ? null : parentKind[kind]
  if (wanted === null) return record.hovedinstitutionsnr === undefined ? null : refuse('FORKERT_NIVEAU', 'hovedinstitutionsnr')
  if (parent === null) return refuse('OVERORDNET_MANGLER', 'hovedinstitutionsnr')
  if (parent.closed) return refuse('OVERORDNET_NEDLAGT', 'hovedinstitutionsnr')
  return kindOf(parent.record.enhedsart) === wanted ? null : refuse('FORKERT_NIVEAU', 'hovedinstitutionsnr')
}

function kindOf(enhedsart: string | undefined): UnitKind | undefined {
  return unitKinds.find((kind) => enhedsarter[kind] === enhedsart)
}
