import type { UnitKind } from '../../src/domain/unit.ts'

/** A row of a baseline: what is not said is filled in, so that a row without faults comes out. */
export type BaselineRow = Readonly<Record<string, string>> & { readonly dagtilbudsType: UnitKind }

const columns =
  'dagtilbudsType;daginstitutionsNummer;anvisningsenhedsNummer;alternativAdresseNummer;dagtilbudsNavn;aktivitetsstatus;ejerformKode;instType3;admKommuneKode;kommuneKode;vejNavn;husNummer;postNummer;byNavn;supplerendeBynavn;geoBredde;geoLaengde;email;telefonNummer;cvrNummer;lovgrundlagKode;pNummer'.split(
    ';',
  )

/** A baseline in the public layout, LF and without a mark. */
export function baselineCsv(rows: readonly BaselineRow[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => ({ ...defaultsOf(row), ...row })[column] ?? ''))]
    .map((cells) => `${cells.join(';')}\n`)
    .join('')
}

function defaultsOf({ dagtilbudsType }: BaselineRow): Readonly<Record<string, string>> {
  const common = { dagtilbudsNavn: 'Åhuset', aktivitetsstatus: 'Aktiv', ejerformKode: '1', admKommuneKode: '101' }
  if (dagtilbudsType === 'daginstitution') return { ...common, lovgrundlagKode: '901' }
  const place = { kommuneKode: '101', vejNavn: 'Ærtevej', husNummer: '1', postNummer: '2100', byNavn: 'København Ø' }
  const located = { ...common, ...place, geoBredde: '55.7', geoLaengde: '12.5' }
  if (dagtilbudsType === 'alternativAdresse') return located
  return { ...located, instType3: '6012', cvrNummer: '64942212', pNummer: '1090000000' }
}
