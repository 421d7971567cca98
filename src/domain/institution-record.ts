import { institutionstyper } from './code-tables.ts'
import { kommuner, regioner } from './kommuner.ts'
import type { UnitFields, UnitKind } from './unit.ts'

/** The 21 text fields of an institution in Unilogin, in their fixed order. Source: wsiINST v6 `Institution`, as public clients show it. */
export const institutionRecordFields = [
  'instnr',
  'instnavn',
  'type',
  'typenavn',
  'type3',
  'type3navn',
  'adresse',
  'bynavn',
  'postnr',
  'telefonnr',
  'faxnr',
  'mailadresse',
  'www',
  'hovedinstitutionsnr',
  'kommunenr',
  'kommune',
  'admkommunenr',
  'admkommune',
  'regionsnr',
  'region',
  'enhedsart',
] as const
export type InstitutionRecordField = (typeof institutionRecordFields)[number]

/** An institution as Unilogin holds it; only `instnr` is required, an absent field is an empty one. */
export type InstitutionRecord = Readonly<Partial<Record<InstitutionRecordField, string>>> & { readonly instnr: string }

/** Values of `enhedsart`; the field exists in wsiINST v6, its value list is not public, so these are ours. */
export const enhedsarter: Readonly<Record<UnitKind, string>> = {
  daginstitution: 'Daginstitution',
  anvisningsenhed: 'Anvisningsenhed',
  alternativAdresse: 'AlternativAdresse',
}

/** What the register knows of one unit, with what it takes from its ancestors. */
export interface UnitInContext {
  readonly nummer: string
  readonly kind: UnitKind
  readonly fields: UnitFields
  readonly parentNummer: string | null
  /** admKommuneKode of the daginstitution above. */
  readonly admKommuneKode: string
}

/** Builds the record we send for a unit. The mapping of fields is ours; see docs/unilogin.md. */
export function toInstitutionRecord(unit: UnitInContext): InstitutionRecord {
  const { fields } = unit
  const place = fields.kommuneKode === undefined ? undefined : kommuner.get(fields.kommuneKode)
  const owner = kommuner.get(unit.admKommuneKode)
  const record: Partial<Record<InstitutionRecordField, string | undefined>> = {
    instnr: unit.nummer,
    instnavn: fields.navn,
    type3: fields.instType3,
    type3navn: fields.instType3 === undefined ? undefined : institutionstyper.get(fields.instType3)?.tekst,
    adresse: toAddressLine(fields),
    bynavn: fields.byNavn,
    postnr: fields.postNummer,
    telefonnr: fields.telefonNummer,
    mailadresse: fields.email,
    hovedinstitutionsnr: unit.parentNummer ?? undefined,
    kommunenr: place?.kommuneKode,
    kommune: place?.navn,
    admkommunenr: owner?.kommuneKode,
    admkommune: owner?.navn,
    regionsnr: owner?.regionKode,
    region: owner === undefined ? undefined : regioner.get(owner.regionKode),
    enhedsart: enhedsarter[unit.kind],
  }
  const filled = institutionRecordFields.flatMap((name) => (record[name] ? [[name, record[name]]] : []))
  return Object.fromEntries(filled) as unknown as InstitutionRecord
}

/** Street and house number on one line, floor and door behind a comma: 'Ærtevej 12A, st. tv'. Source: CPR's one-line form. */
function toAddressLine(fields: UnitFields): string | undefined {
  if (fields.vejNavn === undefined) return undefined
  const street = [fields.vejNavn, fields.husNummer].filter(Boolean).join(' ')
  const floor = [fields.etage && `${fields.etage}.`, fields.doer].filter(Boolean).join(' ')
  return floor === '' ? street : `${street}, ${floor}`
}

/** Names of the fields in which two records differ; an absent field is an empty one. */
export function differingFields(expected: InstitutionRecord, seen: InstitutionRecord): InstitutionRecordField[] {
  return institutionRecordFields.filter((name) => (expected[name] ?? '') !== (seen[name] ?? ''))
}
