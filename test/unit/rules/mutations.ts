import { gzipSync } from 'node:zlib'
import type { ValidateInput } from '../../../src/app/validate-delivery.ts'
import type { DeliveryHeader, Leverance } from '../../../src/domain/delivery-file.ts'
import { levelOf, type UnitFields } from '../../../src/domain/unit.ts'
import { sealLeverance } from '../../../src/formats/seal-leverance.ts'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { aDaginstitution, aGoodLeverance, aLeverance, anAnvisningsenhed } from '../../kit/make-leverance.ts'
import { makeZip } from '../../kit/make-zip.ts'

/** A file to validate. */
export interface Sample {
  readonly fileName: string
  readonly content: string | Uint8Array
  readonly options?: Partial<Pick<ValidateInput, 'date' | 'limits' | 'mandate' | 'provenWhole'>>
}

/** For one rule: a file that breaks it and nothing else, and the nearest one that does not break it. */
export interface Mutation {
  readonly breaks: Sample
  readonly spares: Sample
  /** Codes that cannot but come along. */
  readonly along?: readonly string[]
}

const mandate = { supplierId: 's', kommuner: ['101'], ejerformer: ['1', '2', '4'] }

/** One mutation for each rule that a file alone can break. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'FIL-01': { breaks: xmlText(''), spares: good() },
  'FIL-02': {
    breaks: xmlText('<!DOCTYPE html><html><body>Log ind</body></html>'),
    spares: xmlText(`<!-- html -->${goodXml().replace(/<\?xml.*\n/, '')}`),
  },
  'FIL-03': { breaks: { fileName: 'a.xml', content: '%PDF-1.7\n%âãÏÓ' }, spares: good() },
  'FIL-04': {
    breaks: { fileName: 'a.xml', content: Buffer.from(goodXml(), 'latin1') },
    spares: { fileName: 'a.xml', content: Buffer.from(goodXml().replace('UTF-8', 'ISO-8859-1'), 'latin1') },
  },
  'FIL-05': { breaks: csv(goodCsv(), 'leverance.csv'), spares: csv(goodCsv(), '0101_FULD_42_n6.csv') },
  'FIL-06': { breaks: csv(goodCsv().slice(0, -2)), spares: { ...csv(goodCsv().slice(0, -2)), options: { provenWhole: true } } },
  'FIL-07': { breaks: xml(aGoodLeverance({ antal: 7 })), spares: xml(aGoodLeverance({ antal: 6 })) },
  'FIL-08': { breaks: csv(goodCsv().replace(';email;', ';post;')), spares: csv(goodCsv().replace(';email;', ';E_MAIL;')) },
  'FIL-09': {
    breaks: csv(goodCsv().replace(';email;', ';kommunekode;')),
    spares: csv(goodCsv().replace(';email;', ';e\u200bmail;')),
  },
  'FIL-10': {
    breaks: xmlText(goodXml().replace('<status>', '<status >>').replace('</status>', '</Status>')),
    spares: xmlText(goodXml().replace('<status>', '<status >')),
  },
  'FIL-11': {
    breaks: xmlText(goodXml().replace('\n<', '\n<!DOCTYPE leverance>\n<')),
    spares: xmlText(goodXml().replace('\n<', '\n<!-- DOCTYPE -->\n<')),
  },
  'FIL-12': {
    breaks: xmlText(goodXml().replace('leverance:1', 'leverance:2')),
    spares: xmlText(
      goodXml()
        .replace('<leverance xmlns=', '<l:leverance xmlns:l="urn:dagtilbud-sync:leverance:1" xmlns=')
        .replace('</leverance>', '</l:leverance>'),
    ),
  },
  'FIL-13': {
    breaks: xmlText(goodXml().replace('<art>fuld', '<art>hel')),
    spares: xmlText(goodXml().replace('<art>fuld', '<art> fuld')),
  },
  'FIL-14': {
    breaks: { ...good(), options: { limits: { fileBytes: 100 } } },
    spares: { ...good(), options: { limits: { fileBytes: goodXml().length * 2 } } },
  },
  'FIL-15': {
    breaks: { fileName: 'a.xml.gz', content: gzipSync(goodXml()), options: { limits: { ratio: 2, ratioFreeBytes: 1_000 } } },
    spares: { fileName: 'a.xml.gz', content: gzipSync(goodXml()), options: { limits: { ratio: 20, ratioFreeBytes: 1_000 } } },
  },
  'FIL-16': {
    breaks: {
      fileName: 'a.zip',
      content: makeZip([
        { name: 'a.xml', data: goodXml() },
        { name: 'b.xml', data: goodXml() },
      ]),
    },
    spares: {
      fileName: 'a.zip',
      content: makeZip([
        { name: 'a.xml', data: goodXml() },
        { name: '__MACOSX/._a.xml', data: 'x' },
      ]),
    },
  },
  'FIL-17': {
    breaks: { fileName: 'a.zip', content: makeZip([{ name: '../a.xml', data: goodXml() }]) },
    spares: { fileName: 'a.zip', content: makeZip([{ name: 'å.xml', data: goodXml() }]) },
  },
  'FIL-18': {
    breaks: { fileName: 'a.zip', content: makeZip([{ name: 'a.xml', data: goodXml(), crc32: 1 }]) },
    spares: { fileName: 'a.zip', content: makeZip([{ name: 'a.xml', data: goodXml(), stored: true }]) },
  },
  'FIL-19': {
    breaks: { ...good(), options: { limits: { records: 5 } } },
    spares: { ...good(), options: { limits: { records: 6 } } },
  },
  'FIL-20': {
    breaks: { ...unit({ navn: `Hus${' '.repeat(2_000)}` }), options: { limits: { recordChars: 1_500 } } },
    spares: { ...good(), options: { limits: { recordChars: 1_500 } } },
  },
  'FIL-21': {
    breaks: { ...unit({ husNummer: '0' }, { husNummer: '0' }), options: { limits: { rejectedRecords: 1 } } },
    spares: good(),
    along: ['LOK-22c'],
  },
  'FIL-22': { breaks: xml(aGoodLeverance({ niveauer: ['daginstitution', 'anvisningsenhed'] })), spares: good() },
  'FIL-23': {
    breaks: { ...good(), options: { limits: { xmlDepth: 4 } } },
    spares: { ...good(), options: { limits: { xmlDepth: 5 } } },
  },
  'FIL-24': { breaks: xmlText(sealedXml().replace('Klyngen D1', 'Klyngen D2')), spares: xmlText(sealedXml()) },
  'FIL-27': {
    breaks: xmlText(goodXml().replace('<kommuneKode>101', '<kommuneKode>411')),
    spares: xmlText(goodXml().replace('<kommuneKode>101', '<kommuneKode>0101')),
  },
  'FIL-28': {
    breaks: { ...xml(aGoodLeverance({ gyldigFra: '2027-01-02' })), options: { date: '2027-01-01' } },
    spares: { ...xml(aGoodLeverance({ gyldigFra: '2027-01-01' })), options: { date: '2027-01-01' } },
  },
  'FIL-29': {
    breaks: { ...xml(aGoodLeverance({ gyldigFra: '2025-11-27' })), options: { date: '2027-01-02' } },
    spares: { ...xml(aGoodLeverance({ gyldigFra: '2025-11-28' })), options: { date: '2027-01-02' } },
  },
  'FIL-31': {
    breaks: { fileName: '101_fuld_000042_n6.csv', content: Buffer.from(goodCsv().slice(1), 'latin1') },
    spares: csv(goodCsv().slice(1)),
  },
  'FIL-32': { breaks: csv(addColumn(goodCsv(), 'leder', '')), spares: csv(goodCsv()) },
  'FIL-33': { breaks: csv(goodCsv(), '101_fuld_000042.csv'), spares: csv(goodCsv(), '101_delta_000042.csv') },
  'FIL-34': { breaks: csv(dropColumns(goodCsv(), ['doer'])), spares: csv(dropColumns(goodCsv(), ['senestOpdateret'])) },
  'FIL-35': { breaks: good(), spares: xmlText(sealedXml()) },

  'POST-01': {
    breaks: csv(goodCsv().replace('Klyngen D1;', 'Klyngen; D1;')),
    spares: csv(goodCsv().replace('Klyngen D1;', '"Klyngen; D1";')),
    along: ['DTR-07', 'POST-13'],
  },
  'POST-02': {
    breaks: csv(goodCsv().replace('Klyngen D1;', '"Klyngen" D1;')),
    spares: csv(goodCsv().replace('Klyngen D1;', '"""Klyngen"" D1";')),
    along: ['DTR-07', 'POST-13'],
  },
  'POST-03': {
    breaks: csv(goodCsv().replace('\r\nalternativAdresse;', '\r\nafdeling;')),
    spares: csv(goodCsv().replace('\r\nalternativAdresse;', '\r\nALTERNATIV_ADRESSE;')),
  },
  'POST-04': {
    breaks: csv(goodCsv().replace('anvisningsenhed;;;;Børnehuset E1', 'anvisningsenhed;;;G80001;Børnehuset E1')),
    spares: csv(goodCsv()),
    along: ['POST-13'],
  },
  'POST-05': {
    breaks: inFirst('<status>aktiv</status>', '<statusKode>1</statusKode><status>aktiv</status>'),
    spares: inFirst('</admKommuneKode>', '</admKommuneKode><ekstra navn="statusKode">1</ekstra>'),
    along: ['POST-13'],
  },
  'POST-06': {
    breaks: inFirst(
      '<ejerformKode>1</ejerformKode>\n      <lovgrundlagKode>901</lovgrundlagKode>',
      '<lovgrundlagKode>901</lovgrundlagKode><ejerformKode>1</ejerformKode>',
    ),
    spares: inFirst(
      '<ejerformKode>1</ejerformKode>\n      <lovgrundlagKode>901</lovgrundlagKode>',
      '<ejerformKode>1</ejerformKode><lovgrundlagKode>901</lovgrundlagKode>',
    ),
    along: ['POST-13'],
  },
  'POST-07': {
    breaks: inFirst('<status>', '<status kode="1">'),
    spares: inFirst('<status>', '<status xmlns:x="urn:x">'),
    along: ['POST-13'],
  },
  'POST-08': {
    breaks: inFirst('</admKommuneKode>', `</admKommuneKode><ekstra navn="a">${'x'.repeat(1_001)}</ekstra>`),
    spares: inFirst('</admKommuneKode>', `</admKommuneKode><ekstra navn="a">${'x'.repeat(1_000)}</ekstra>`),
    along: ['POST-13'],
  },
  'POST-09': { breaks: csv(`${goodCsv()}${';'.repeat(32)}\r\n`), spares: csv(`${goodCsv()}\r\n`) },
  'POST-10': {
    breaks: inFirst('<lokalId>D1</lokalId>', ''),
    spares: inFirst('<lokalId>D1</lokalId>', '<daginstitutionsNummer>G80001</daginstitutionsNummer><lokalId>D1</lokalId>'),
    along: ['DTR-07', 'POST-13'],
  },
  'POST-11': {
    breaks: xml(withExtra(anAnvisningsenhed('E1', 'D1', { telefonNummer: '12345679' }))),
    spares: xml(withExtra(anAnvisningsenhed('E9', 'D1'))),
    along: ['LOK-06', 'LOK-07'],
  },
  'POST-12': { breaks: xml(withExtra(anAnvisningsenhed('E1', 'D1'))), spares: xml(withExtra(anAnvisningsenhed('E8', 'D1'))) },
  'POST-13': {
    breaks: {
      ...xml(twoLevels({ ejerformKode: '3', lovgrundlagKode: 'DTL19.5' }, { cvrNummer: '90000004' })),
      options: { mandate },
    },
    spares: {
      ...xml(twoLevels({ ejerformKode: '2', lovgrundlagKode: 'DTL19.3' }, { cvrNummer: '90000004' })),
      options: { mandate },
    },
    along: ['DTR-11b'],
  },
  'POST-14': { breaks: unit({ navn: 'Børne\u0085huset' }), spares: unit({ navn: 'Børne huset' }) },
  'POST-15': { breaks: unit({ navn: 'BÃ¸rnehuset' }), spares: unit({ navn: 'BÃO' }) },
  'POST-16': { breaks: unit({ navn: 'B\ufffdrnehuset' }), spares: unit({ navn: 'B\ufffcrnehuset' }) },
  'POST-17': { breaks: inFirst('<lokalId>D1', '<daginstitutionsNummer/><lokalId>D1'), spares: good() },

  'DTR-01a': { breaks: inFirst('<ejerformKode>1</ejerformKode>', ''), spares: good(), along: ['POST-13'] },
  'DTR-01b': { breaks: unit({ email: `${'a'.repeat(125)}@b.example` }), spares: unit({ email: `${'a'.repeat(122)}@b.example` }) },
  'DTR-01c': { breaks: unit({ instType3: '60l2' }), spares: unit({ instType3: ' 6012 ' }) },
  'DTR-02a': { breaks: unit({ instType3: '6015' }), spares: unit({ instType3: '6014' }) },
  'DTR-02b': { breaks: inFirst('>901<', '>19<'), spares: inFirst('>901<', '>911<'), along: ['POST-13'] },
  'DTR-02c': { breaks: unit({ kommuneKode: '411' }), spares: unit({ kommuneKode: '0101' }) },
  'DTR-05': {
    breaks: xml(withExtra(aDaginstitution('D9'))),
    spares: xml(aLeverance([...aGoodLeverance().records, aDaginstitution('D9')], { art: 'delta' })),
  },
  'DTR-06': {
    breaks: xml(twoLevels({ lovgrundlagKode: 'DTL19.3' })),
    spares: xml(twoLevels({ lovgrundlagKode: 'DTL19.2-LBO' })),
  },
  'DTR-07': {
    breaks: xml(withExtra(anAnvisningsenhed('E9', 'D9'))),
    spares: xml(aLeverance([anAnvisningsenhed('E9', 'D9')], { art: 'delta' })),
  },
  'DTR-08': {
    breaks: xml(aLeverance([{ ...aDaginstitution('D1'), status: 'nedlagt' }, anAnvisningsenhed('E1', 'D1')], { art: 'delta' })),
    spares: xml(
      aLeverance(
        [
          { ...aDaginstitution('D1'), status: 'nedlagt' },
          { ...anAnvisningsenhed('E1', 'D1'), status: 'nedlagt' },
        ],
        { art: 'delta' },
      ),
    ),
  },
  'DTR-11a': {
    breaks: { ...good(), options: { mandate: { ...mandate, kommuner: ['147'] } } },
    spares: { ...good(), options: { mandate: { ...mandate, kommuner: 'alle' } } },
  },
  'DTR-11b': {
    breaks: { ...xml(withExtra(aDaginstitution('D9', { ejerformKode: '3', lovgrundlagKode: 'DTL19.5' }))), options: { mandate } },
    spares: {
      ...xml(
        aLeverance([...aGoodLeverance().records, aDaginstitution('D9', { ejerformKode: '2', lovgrundlagKode: 'DTL19.3' })], {
          art: 'delta',
        }),
      ),
      options: { mandate },
    },
  },

  'LOK-01': { breaks: unit({ cvrNummer: '64942213' }), spares: unit({ cvrNummer: '64942212' }), along: ['LOK-04'] },
  'LOK-02': { breaks: unit({ pNummer: '2090000007' }), spares: unit({ pNummer: '1090000000' }) },
  'LOK-03': { breaks: unit({ pNummer: '1090000001' }), spares: unit({ pNummer: '1090000019' }) },
  'LOK-04': { breaks: unit({ cvrNummer: '90000004' }), spares: good() },
  'LOK-05': {
    breaks: xml(twoLevels({ ejerformKode: '2', lovgrundlagKode: 'DTL19.3' })),
    spares: xml(twoLevels({ ejerformKode: '2', lovgrundlagKode: 'DTL19.3' }, { cvrNummer: '90000004' })),
  },
  'LOK-06': {
    breaks: unit({ pNummer: '1090000019' }, { pNummer: '1090000019' }),
    spares: unit({ pNummer: '1090000019' }, { pNummer: '1090000000' }),
  },
  'LOK-07': {
    breaks: unit({ navn: 'Solhuset' }, { navn: 'SOL huset' }),
    spares: unit({ navn: 'Solhuset' }, { navn: 'Sol huset', husNummer: '12B' }),
  },
  'LOK-08': { breaks: unit({ telefonNummer: '12 34 56 78' }), spares: unit({ telefonNummer: '12345670' }) },
  'LOK-09': { breaks: unit({ email: 'hus@boernehus.d' }), spares: unit({ email: 'hus@boernehus.dk.example' }) },
  'LOK-10a': { breaks: unit({ postNummer: '2101' }), spares: unit({ postNummer: '2100' }) },
  'LOK-10b': { breaks: unit({ postNummer: '8000' }), spares: unit({ postNummer: '2200' }) },
  'LOK-11': { breaks: unit({ geoBredde: '54.4999' }), spares: unit({ geoBredde: '54,5' }) },
  'LOK-12': { breaks: unit({ byNavn: ' ' }), spares: unit({ supplerendeBynavn: ' ' }) },
  'LOK-13': { breaks: unit({ husNummer: '12a' }), spares: unit({ husNummer: '12' }) },
  'LOK-14': { breaks: unit({ navn: 'Huset 3-6 år' }), spares: unit({ navn: 'Huset 0-6 år' }) },
  'LOK-15': { breaks: unit({ kommuneKode: '147', postNummer: '2000' }), spares: good() },
  'LOK-16': { breaks: xml(aLeverance([aDaginstitution('D1'), anAnvisningsenhed('E1', 'D1')])), spares: good() },
  'LOK-17': { breaks: unit({ navn: 'Sol'.repeat(34) }), spares: unit({ navn: 'Solæ'.repeat(25) }) },
  'LOK-18': {
    breaks: inFirst('<lokalId>D1', '<daginstitutionsNummer>D80001</daginstitutionsNummer><lokalId>D1'),
    spares: inFirst('<lokalId>D1', '<daginstitutionsNummer>G80001</daginstitutionsNummer><lokalId>D1'),
  },
  'LOK-19': { breaks: unit({ navn: 'Central venteliste' }), spares: unit({ navn: 'Central vente' }) },
  'LOK-22a': { breaks: xmlText(goodXml().replace('<vejNavn>Ærtevej<', '<vejNavn> <')), spares: good(), along: ['POST-13'] },
  'LOK-22b': { breaks: unit({ vejNavn: 'Å'.repeat(41) }), spares: unit({ vejNavn: 'Å'.repeat(40) }) },
  'LOK-22c': {
    breaks: unit({ dawaId: '0a3f507a-93e7-32b8-e044-0003ba29801' }),
    spares: unit({ dawaId: '0A3F507A-93E7-32B8-E044-0003BA298018' }),
  },
  'LOK-23': {
    breaks: xml(aLeverance([aDaginstitution('D1', { admKommuneKode: '147' })], { art: 'delta' })),
    spares: xml(aLeverance([aDaginstitution('D1', { admKommuneKode: '0101' })], { art: 'delta' })),
  },
  'LOK-24': { breaks: unit({ postNummer: '800' }), spares: unit({ kommuneKode: '101' }), along: ['LOK-10a'] },
  'LOK-25': {
    breaks: csv(goodCsv().replace(';1;Kommunal;', ';1;Selvejende;')),
    spares: csv(goodCsv().replace(';1;Kommunal;', ';1;KOMMUNALE;')),
  },
  'LOK-26': {
    breaks: csv(goodCsv().replace('E1;Aktiv;1;Kommunal;', 'E1;Aktiv;2;Selvejende;')),
    spares: csv(goodCsv().replace('E1;Aktiv;1;Kommunal;', 'E1;Aktiv;;;')),
  },
  'LOK-27': { breaks: unit({ navn: 'Sol\u200bhuset' }), spares: unit({ navn: 'Sol\u00a0huset' }) },
  'LOK-28': { breaks: unit({ navn: 'Sol  huset' }), spares: unit({ navn: 'Sol huset' }) },
  'LOK-29': { breaks: unit({ navn: 'Sol\thuset' }), spares: unit({ navn: 'Solhuset\n' }) },
  'LOK-30': { breaks: unit({ navn: 'SOLHUS' }), spares: unit({ navn: 'SFO-8' }) },
  'LOK-31': {
    breaks: xmlText(goodXml().replace('<status>aktiv', '<status>passiv')),
    spares: xmlText(goodXml().replace('<status>aktiv', '<status> AKTIV ')),
    along: ['POST-13'],
  },
  'LOK-33': { breaks: unit({ navn: 'B?rnehuset' }), spares: unit({ navn: 'Hvem? Os' }) },
  'LOK-34': { breaks: unit({ navn: 'S\u043elsikken' }), spares: unit({ navn: 'S\u00f8lsikken \u041c\u0438\u0440' }) },
}

function goodXml(): string {
  return writeLeveranceXml(aGoodLeverance())
}

function sealedXml(): string {
  return sealLeverance(Buffer.from(goodXml())).toString()
}

function goodCsv(): string {
  return writeEksportCsv(aGoodLeverance())
}

function good(): Sample {
  return xml(aGoodLeverance())
}

function xml(leverance: Leverance): Sample {
  return xmlText(writeLeveranceXml(leverance))
}

function xmlText(content: string): Sample {
  return { fileName: 'leverance.xml', content }
}

function csv(content: string, fileName = '101_fuld_000042_n6.csv'): Sample {
  return { fileName, content }
}

/** The good file with fields changed in its first unit without children (E2), and in the dagpleje (E3) if asked. */
function unit(second: UnitFields, third: UnitFields = {}): Sample {
  return xml({
    ...aGoodLeverance(),
    records: aGoodLeverance().records.map((record) => {
      const change = record.ref.lokalId === 'E2' ? { instType3: '6012', ...second } : record.ref.lokalId === 'E3' ? third : {}
      return { ...record, fields: { ...record.fields, ...change } }
    }),
  })
}

function twoLevels(top: UnitFields, below: UnitFields = {}, header: Partial<DeliveryHeader> = { art: 'delta' }): Leverance {
  return aLeverance([aDaginstitution('D1', top), anAnvisningsenhed('E1', 'D1', below)], header)
}

function withExtra(record: Leverance['records'][number]): Leverance {
  return aLeverance([...aGoodLeverance().records, record].sort((a, b) => levelOf(a.kind) - levelOf(b.kind)))
}

/** The good XML with its first occurrence of a text, in the first daginstitution, replaced. */
function inFirst(text: string, replacement: string): Sample {
  const content = goodXml()
  if (!content.includes(text)) throw new Error(`the good file has no ${text}`)
  return xmlText(content.replace(text, replacement))
}

function addColumn(text: string, name: string, value: string): string {
  return text
    .split('\r\n')
    .map((line, i) => (line === '' ? line : `${line};${i === 0 ? name : value}`))
    .join('\r\n')
}

function dropColumns(text: string, names: readonly string[]): string {
  const lines = text.split('\r\n')
  const columns = (lines[0] ?? '').split(';')
  return lines
    .map((line) =>
      line
        .split(';')
        .filter((_, i) => !names.includes(columns[i] ?? ''))
        .join(';'),
    )
    .join('\r\n')
}
