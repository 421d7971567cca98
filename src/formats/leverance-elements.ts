import type { CarriedField } from '../domain/raw-record.ts'
import type { UnitKind } from '../domain/unit.ts'

/** Namespace of leverance-1.xsd. A new major version of the format gets a new one. */
export const leveranceNamespace = 'urn:dagtilbud-sync:leverance:1'

/** The elements of `hoved`, in their fixed order. The last may be left out. */
export const headerElements = [
  'leverandoer',
  'kommuneKode',
  'art',
  'loebenummer',
  'dannet',
  'antal',
  'niveauer',
  'gyldigFra',
] as const
export type HeaderElement = (typeof headerElements)[number]
export const optionalHeaderElement = 'gyldigFra' satisfies HeaderElement

/** Name of the element that holds all records of a kind; they stand in this order, parents first. */
export const sectionElements: Readonly<Record<UnitKind, string>> = {
  daginstitution: 'daginstitutioner',
  anvisningsenhed: 'anvisningsenheder',
  alternativAdresse: 'alternativeAdresser',
}

/** Optional last element: the checksum of every byte of the file before it. */
export const checksumElement = 'kontrolsum'

/** One element of a record: its name in the file and the field it carries. */
export interface RecordElement {
  readonly element: string
  readonly field: CarriedField
  /** True when the element stands inside `Adresse`. */
  readonly inAdresse: boolean
  /** Mandatory in the schema. Keys and parents are "at least one of two" and checked apart. */
  readonly required: boolean
}

const adresse: readonly RecordElement[] = [
  inAdresse('vejNavn', true),
  inAdresse('husNummer', true),
  inAdresse('etage', false),
  inAdresse('doer', false),
  inAdresse('postNummer', true),
  inAdresse('byNavn', false),
  inAdresse('supplerendeBynavn', false),
  inAdresse('kommuneKode', true),
  inAdresse('geoBredde', false),
  inAdresse('geoLaengde', false),
  inAdresse('dawaId', false),
]

/**
 * The elements of each kind of record, in their fixed order. Names as the data model spells them (page Datamodel);
 * `lokalId`, `…LokalId` and `status` are ours, and so is the whole table of alternativAdresse, whose own is not public.
 */
export const recordElements: Readonly<Record<UnitKind, readonly RecordElement[]>> = {
  daginstitution: [
    direct('daginstitutionsNummer', 'nummer', false),
    direct('lokalId', 'lokalId', false),
    direct('status', 'status', true),
    direct('daginstitutionsNavn', 'navn', true),
    direct('ejerformKode', 'ejerformKode', true),
    direct('lovgrundlagKode', 'lovgrundlagKode', true),
    direct('admKommuneKode', 'admKommuneKode', true),
  ],
  anvisningsenhed: [
    direct('EnhedsNummer', 'nummer', false),
    direct('lokalId', 'lokalId', false),
    direct('daginstitutionsNummer', 'overordnetNummer', false),
    direct('daginstitutionsLokalId', 'overordnetLokalId', false),
    direct('status', 'status', true),
    direct('EnhedsNavn', 'navn', true),
    direct('InstType3', 'instType3', true),
    ...adresse,
    direct('Email', 'email', false),
    direct('TelefonNummer', 'telefonNummer', false),
    direct('CVRNummer', 'cvrNummer', false),
    direct('PNummer', 'pNummer', true),
  ],
  alternativAdresse: [
    direct('alternativAdresseNummer', 'nummer', false),
    direct('lokalId', 'lokalId', false),
    direct('anvisningsenhedsNummer', 'overordnetNummer', false),
    direct('anvisningsenhedsLokalId', 'overordnetLokalId', false),
    direct('status', 'status', true),
    direct('navn', 'navn', true),
    ...adresse,
    direct('CVRNummer', 'cvrNummer', false),
    direct('PNummer', 'pNummer', false),
  ],
}

function direct(element: string, field: CarriedField, required: boolean): RecordElement {
  return { element, field, inAdresse: false, required }
}

function inAdresse(field: CarriedField, required: boolean): RecordElement {
  return { element: field, field, inAdresse: true, required }
}
