import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import type { WriteStream } from 'node:fs'
import { createWriteStream, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type StagedRecord, type UnitFields, unitKinds } from '../src/domain/unit.ts'
import { buildDeliveryName } from '../src/formats/delivery-name.ts'
import { nameChecksumDigits } from '../src/formats/file-checksum.ts'
import { checksumElement, sectionElements } from '../src/formats/leverance-elements.ts'
import { writeEksportCsv } from '../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../src/formats/write-leverance.ts'

type Unplaced = Omit<StagedRecord, 'position'>

/** Records of one family: a daginstitution, two units, and for every second unit an alternative adresse. */
const familySize = 4
const familiesPerBlock = 2_000

const header = {
  format: 'leverance-xml',
  leverandoer: 'Målesystem',
  kommuneKode: '101',
  art: 'fuld',
  loebenummer: 1,
  dannet: '2026-11-24T01:00:00+01:00',
  niveauer: unitKinds,
  gyldigFra: null,
} as const

/** Writes a clean synthetic leverance XML of `records` records (a multiple of four), block by block, with its checksum. */
export async function writeXmlFile(folder: string, records: number): Promise<string> {
  const path = join(folder, 'leverance.xml')
  const out = createHashedFile(path)
  const frame = writeLeveranceXml({ header: { ...header, antal: records }, records: [] })
  await write(out, frame.slice(0, frame.indexOf('</leverance>')))
  for (const kind of unitKinds) {
    const [open, close] = [`  <${sectionElements[kind]}>\n`, `  </${sectionElements[kind]}>\n`]
    await write(out, open)
    for (const block of blocksOf(records)) {
      const text = writeLeveranceXml({
        header: { ...header, antal: records },
        records: block.filter((record) => record.kind === kind),
      })
      await write(out, text.slice(text.indexOf(open) + open.length, text.indexOf(close)))
    }
    await write(out, close)
  }
  await write(out, '  ')
  await write(out, `<${checksumElement}>${out.hash.copy().digest('hex')}</${checksumElement}>\n</leverance>\n`)
  await close(out)
  return path
}

/** Writes the same records as CSV, family by family, with its checksum in the name. */
export async function writeCsvFile(folder: string, records: number): Promise<string> {
  const unnamed = join(folder, 'unnamed.csv')
  const out = createHashedFile(unnamed)
  let first = true
  for (const block of blocksOf(records)) {
    const text = writeEksportCsv({ header: { ...header, format: 'eksport-csv', antal: records }, records: block })
    await write(out, first ? text : text.slice(text.indexOf('\r\n') + 2))
    first = false
  }
  await close(out)
  const kontrolsum = out.hash.digest('hex').slice(0, nameChecksumDigits)
  const { kommuneKode, art, loebenummer } = header
  const path = join(
    folder,
    buildDeliveryName({ kommuneKode, art, loebenummer, niveau: null, antal: records, gyldigFra: null, kontrolsum }),
  )
  renameSync(unnamed, path)
  return path
}

function* blocksOf(records: number): Generator<Unplaced[]> {
  const families = records / familySize
  for (let from = 0; from < families; from += familiesPerBlock) {
    const count = Math.min(familiesPerBlock, families - from)
    yield Array.from({ length: count }, (_, i) => toFamily(from + i)).flat()
  }
}

function toFamily(n: number): Unplaced[] {
  const top = toRecord('daginstitution', `D${n}`, null, {
    navn: `Klyngen Æblevangen ${n}`,
    ejerformKode: '1',
    lovgrundlagKode: n % 4 === 3 ? 'DTL21.2' : 'DTL19.2',
    admKommuneKode: '101',
  })
  const units = [0, 1].map((i) =>
    toRecord('anvisningsenhed', `E${n * 2 + i}`, `D${n}`, {
      navn: `${n % 4 === 3 ? 'Dagplejen område' : 'Børnehuset Søstjernen'} ${n * 2 + i}`,
      instType3: n % 4 === 3 ? '6013' : '6012',
      ...toAddress(n * 2 + i),
      email: `enhed${n * 2 + i}@dagtilbud.example`,
      telefonNummer: `1${String((n * 2 + i) % 10_000_000).padStart(7, '0')}`,
      cvrNummer: '64942212',
      pNummer: toPNumber(n * 2 + i),
    }),
  )
  return [top, ...units, toRecord('alternativAdresse', `A${n}`, `E${n * 2}`, { navn: `Skovgruppen ${n}`, ...toAddress(n + 77) })]
}

function toRecord(kind: StagedRecord['kind'], lokalId: string, parent: string | null, fields: UnitFields): Unplaced {
  const above = parent === null ? null : { nummer: null, lokalId: parent }
  return { kind, ref: { nummer: null, lokalId }, parent: above, status: 'aktiv', fields, ekstra: {} }
}

function toAddress(n: number): UnitFields {
  const hex = String(n).padStart(12, '0')
  return {
    vejNavn: `Ærtevænget ${n % 500}`,
    husNummer: `${1 + (n % 199)}${n % 7 === 0 ? 'B' : ''}`,
    postNummer: '2100',
    byNavn: 'København Ø',
    kommuneKode: '101',
    geoBredde: `55.7${hex.slice(-7)}`,
    geoLaengde: `12.5${hex.slice(-7)}`,
    dawaId: `0a3f507a-93e7-32b8-e044-${hex}`,
  }
}

/** A different P number for each unit, all passing modulus 11. */
function toPNumber(n: number): string {
  const weights = [4, 3, 2, 7, 6, 5, 4, 3, 2]
  for (let tenth = 0; ; tenth++) {
    const stem = `10${String(n).padStart(6, '0')}${tenth}`
    const check = (11 - ([...stem].reduce((sum, digit, i) => sum + Number(digit) * (weights[i] ?? 0), 0) % 11)) % 11
    if (check < 10) return `${stem}${check}`
  }
}

/** A file being written, and the checksum of what was written so far. */
interface HashedFile {
  readonly stream: WriteStream
  readonly hash: Hash
}

function createHashedFile(path: string): HashedFile {
  return { stream: createWriteStream(path), hash: createHash('sha256') }
}

async function write({ stream, hash }: HashedFile, text: string): Promise<void> {
  hash.update(text)
  if (!stream.write(text)) await once(stream, 'drain')
}

async function close({ stream }: HashedFile): Promise<void> {
  stream.end()
  await once(stream, 'close')
}
