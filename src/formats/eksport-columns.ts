import type { RawFieldName } from '../domain/raw-record.ts'
import type { UnitKind } from '../domain/unit.ts'

/**
 * Columns of the combined CSV file, in the order our own writer uses. Up to `telefonNummer`/`cvrNummer` seen in the
 * register's public export; from `lovgrundlagKode` on our choice; the last four are wholly ours.
 */
export const eksportColumns = [
  'dagtilbudsType',
  'daginstitutionsNummer',
  'anvisningsenhedsNummer',
  'alternativAdresseNummer',
  'dagtilbudsNavn',
  'aktivitetsstatus',
  'ejerformKode',
  'ejerformKode_Tekst',
  'instType3',
  'instType3_Tekst',
  'admKommuneKode',
  'admKommuneKode_Tekst',
  'kommuneKode',
  'kommuneKode_Tekst',
  'vejNavn',
  'husNummer',
  'postNummer',
  'byNavn',
  'supplerendeBynavn',
  'geoBredde',
  'geoLaengde',
  'email',
  'telefonNummer',
  'cvrNummer',
  'lovgrundlagKode',
  'lovgrundlagKode_Tekst',
  'pNummer',
  'dawaId',
  'senestOpdateret',
  'etage',
  'doer',
  'lokalId',
  'overordnetLokalId',
] as const
export type EksportColumn = (typeof eksportColumns)[number]

/** The column that holds a unit's own number, by level; it is also the first column of that level's own file. */
export const numberColumn: Readonly<Record<UnitKind, EksportColumn>> = {
  daginstitution: 'daginstitutionsNummer',
  anvisningsenhed: 'anvisningsenhedsNummer',
  alternativAdresse: 'alternativAdresseNummer',
}

/** Which field each column fills, whatever the level; own and parent numbers depend on the level and are set apart. */
export const fieldOfColumn: Readonly<Partial<Record<EksportColumn, RawFieldName>>> = {
  dagtilbudsNavn: 'navn',
  aktivitetsstatus: 'status',
  ejerformKode: 'ejerformKode',
  ejerformKode_Tekst: 'ejerformTekst',
  instType3: 'instType3',
  instType3_Tekst: 'instType3Tekst',
  admKommuneKode: 'admKommuneKode',
  admKommuneKode_Tekst: 'admKommuneTekst',
  kommuneKode: 'kommuneKode',
  kommuneKode_Tekst: 'kommuneTekst',
  vejNavn: 'vejNavn',
  husNummer: 'husNummer',
  etage: 'etage',
  doer: 'doer',
  postNummer: 'postNummer',
  byNavn: 'byNavn',
  supplerendeBynavn: 'supplerendeBynavn',
  geoBredde: 'geoBredde',
  geoLaengde: 'geoLaengde',
  email: 'email',
  telefonNummer: 'telefonNummer',
  cvrNummer: 'cvrNummer',
  lovgrundlagKode: 'lovgrundlagKode',
  pNummer: 'pNummer',
  dawaId: 'dawaId',
  lokalId: 'lokalId',
  overordnetLokalId: 'overordnetLokalId',
}
