import { kommuner } from '../../domain/kommuner.ts'
import { postnumre } from '../../domain/postnumre.ts'
import { type FieldName, fieldNames, type UnitFields } from '../../domain/unit.ts'
import { createAddress } from './addresses.ts'
import { createEmail, createPhone } from './contacts.ts'
import { createAlternativeName, createUnitName } from './names.ts'
import type { Place } from './places.ts'
import type { Random } from './random.ts'

/** The part of the address that the public export shows; it has no floor and no door. */
const addressFields = [
  'vejNavn',
  'husNummer',
  'postNummer',
  'byNavn',
  'supplerendeBynavn',
  'kommuneKode',
  'geoBredde',
  'geoLaengde',
  'dawaId',
] as const satisfies readonly FieldName[]

/** What decides the fields of an anvisningsenhed beside chance. */
export interface AnvisningsenhedInput {
  readonly place: Pick<Place, 'kommuneKode' | 'postNummer' | 'instType3' | 'ejerformKode'>
  readonly capitals: boolean
  /** Names to keep clear of, as far as a few tries reach. */
  readonly taken: ReadonlySet<string>
  readonly cvrNummer: string
  readonly pNummer: string
  /** An address that is used already; else a new one is invented. */
  readonly address?: UnitFields
}

/** The fields of a new anvisningsenhed. */
export function createAnvisningsenhedFields(random: Random, input: AnvisningsenhedInput): UnitFields {
  const { place } = input
  const byNavn = postnumre.get(place.postNummer)?.byNavn ?? kommuner.get(place.kommuneKode)?.navn ?? 'Legeby'
  const navn = createFreeName(random, { instType3: place.instType3, byNavn, capitals: input.capitals }, input.taken)
  return toFields({
    navn,
    instType3: place.instType3,
    ...(input.address ?? createAddress(random, place.kommuneKode, place.postNummer)),
    email: createEmail(random, { navn, ...place }),
    telefonNummer: createPhone(random, place.instType3),
    cvrNummer: input.cvrNummer,
    pNummer: input.pNummer,
  })
}

/** The fields of a new alternativAdresse near its unit; without a P-number of its own it takes the unit's. */
export function createAlternativAdresseFields(random: Random, unit: UnitFields, pNummer: string | null): UnitFields {
  return toFields({
    navn: createAlternativeName(random, unit.instType3 ?? '6012'),
    ...createAddress(random, unit.kommuneKode ?? '', unit.postNummer ?? ''),
    ...(pNummer === null ? {} : { cvrNummer: unit.cvrNummer, pNummer }),
  })
}

/** The address part of a unit's fields. */
export function addressOf(fields: UnitFields): UnitFields {
  return toFields(Object.fromEntries(addressFields.map((name) => [name, fields[name]])))
}

/** The fields with another address; nothing of the old one stays. */
export function withAddress(fields: UnitFields, address: UnitFields): UnitFields {
  return toFields({ ...fields, ...Object.fromEntries(addressFields.map((name) => [name, address[name]])) })
}

/** Fields in the data model's order, without the empty ones. */
export function toFields(values: Readonly<Partial<Record<FieldName, string | undefined>>>): UnitFields {
  const fields: Partial<Record<FieldName, string>> = {}
  for (const name of fieldNames) {
    const value = values[name]
    if (value !== undefined) fields[name] = value
  }
  return fields
}

/** Real names repeat within a municipality, but seldom. */
function createFreeName(random: Random, input: Parameters<typeof createUnitName>[1], taken: ReadonlySet<string>): string {
  let navn = createUnitName(random, input)
  for (let tries = 0; tries < 6 && taken.has(navn); tries++) navn = createUnitName(random, input)
  return navn
}
