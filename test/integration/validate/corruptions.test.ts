import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from '../../../src/domain/ids.ts'
import { refKey } from '../../../src/domain/unit.ts'
import { buildDeliveryName } from '../../../src/formats/delivery-name.ts'
import { assertChecksum, nameChecksumDigits } from '../../../src/formats/file-checksum.ts'
import { FileStop } from '../../../src/formats/file-stop.ts'
import { sealLeverance } from '../../../src/formats/seal-leverance.ts'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { createRandom, type Random } from '../../../src/sandbox/generator/random.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../../kit/make-leverance.ts'
import { type Validated, validateBytes } from '../../kit/validate-text.ts'

const total = 1_000

/** A good file in one of its forms. */
interface Form {
  readonly name: string
  readonly fileName: string
  readonly bytes: Buffer
}

const leverance = aLeverance([
  ...Array.from({ length: 12 }, (_, i) => aDaginstitution(`D${i}`, { navn: `Klyngen Æblegård ${i}` })),
  ...Array.from({ length: 25 }, (_, i) =>
    anAnvisningsenhed(`E${i}`, `D${i % 12}`, { navn: `Børnehuset Søstjernen ${i}`, husNummer: `${i + 1}` }),
  ),
])

const csv = writeEksportCsv(leverance)

/** Each with its checksum, as every file of ours has it. */
const forms: readonly Form[] = [
  { name: 'XML', fileName: 'leverance.xml', bytes: sealLeverance(Buffer.from(writeLeveranceXml(leverance))) },
  toCsvForm('CSV', Buffer.from(csv)),
  toCsvForm('CSV without a mark', Buffer.from(csv.slice(1))),
  toCsvForm('CSV in Windows-1252', Buffer.from(csv.slice(1), 'latin1')),
]

function toCsvForm(name: string, bytes: Buffer): Form {
  const kontrolsum = sha256Hex(bytes).slice(0, nameChecksumDigits)
  const declared = {
    kommuneKode: '101',
    art: 'fuld',
    loebenummer: 42,
    niveau: null,
    antal: 37,
    gyldigFra: null,
    kontrolsum,
  } as const
  return { name, fileName: buildDeliveryName(declared), bytes }
}

/** Ways in which files come to harm. */
const corruptions: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  cut: (bytes, random) => bytes.subarray(0, random.between(0, bytes.length - 1)),
  'flipped byte': (bytes, random) => {
    const copy = Buffer.from(bytes)
    const at = random.between(0, bytes.length - 1)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7))
    return copy
  },
  'swapped encoding': (bytes, random) =>
    random.pick([
      () => Buffer.from(bytes.toString('latin1'), 'utf8'),
      () => Buffer.from(bytes.toString('utf8'), 'latin1'),
      () => Buffer.from(bytes.toString('utf8'), 'utf16le'),
      () => Buffer.from(bytes.toString('utf8').replace(/[^\x00-\x7f]/g, '?')),
    ])(),
  'doubled line': (bytes, random) =>
    changeLines(bytes, (lines) =>
      lines.splice(random.between(0, lines.length - 2), 0, lines[random.between(0, lines.length - 2)] ?? ''),
    ),
  'lost line': (bytes, random) => changeLines(bytes, (lines) => lines.splice(random.between(0, lines.length - 2), 1)),
  // In XML, the element of that name in every record.
  'lost column': (bytes, random) => {
    const column = random.between(0, 32)
    const element = random.pick([
      'Email',
      'TelefonNummer',
      'CVRNummer',
      'PNummer',
      'dawaId',
      'byNavn',
      'EnhedsNavn',
      'InstType3',
      'status',
    ])
    return changeLines(bytes, (lines) => {
      const isXml = lines[0]?.startsWith('<') === true
      const kept = isXml
        ? lines.filter((line) => !line.includes(`<${element}>`))
        : lines.map((line) =>
            line
              .split(';')
              .filter((_, at) => at !== column)
              .join(';'),
          )
      lines.splice(0, lines.length, ...kept)
    })
  },
  'HTML prefix': (bytes, random) =>
    Buffer.concat([
      Buffer.from(
        random.pick([
          '<html><body>502 Bad Gateway</body></html>\n',
          '<!DOCTYPE html>\n<html>',
          '<br />\n<b>Warning</b>: x\n',
          '\n<div>\n',
        ]),
      ),
      bytes,
    ]),
  'lost block': (bytes, random) => {
    const from = random.between(0, bytes.length - 2)
    const to = Math.min(bytes.length, from + 1 + random.between(0, 4_095))
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  'zeroed block': (bytes, random) => {
    const copy = Buffer.from(bytes)
    const from = random.between(0, bytes.length - 2)
    return copy.fill(0, from, Math.min(bytes.length, from + 512))
  },
}

function changeLines(bytes: Buffer, change: (lines: string[]) => void): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  change(lines)
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** Findings that speak of no harm: Windows-1252 by proof, a coordinate, and that a checksum is missing. */
const quiet = new Set(['FIL-31', 'LOK-16', 'FIL-35'])

/** What the records say, without where they stood. */
function meaningOf({ staged, result }: Validated): string {
  const gone = new Set(result.rejectedRefs.map(refKey))
  return canonicalJson([
    result.header && { ...result.header, dannet: null, leverandoer: null },
    staged.filter((record) => !gone.has(refKey(record.ref))).map(({ position: _, ...record }) => record),
  ])
}

describe(`${total} seeded corruptions of a good file`, () => {
  it('end as a rejection, as findings, or as no change at all: none is silent', { timeout: 60_000 }, async () => {
    const good = new Map<Form, string>()
    for (const form of forms) good.set(form, meaningOf(await validateBytes(form.fileName, form.bytes)))
    const silent: string[] = []
    const undetected: string[] = []
    const ends = { rejected: 0, findings: 0, unchanged: 0 }
    const kinds = Object.keys(corruptions)
    for (let seed = 0; seed < total; seed++) {
      const random = createRandom('corruption', seed)
      const form = random.pick(forms)
      const kind = kinds[seed % kinds.length] ?? ''
      const bytes = corruptions[kind]?.(form.bytes, random) ?? form.bytes

      const validated = await validateBytes(form.fileName, bytes)

      const told = validated.result.findings.filter(({ code }) => !quiet.has(code))
      if (validated.result.verdict === 'rejected') ends.rejected += 1
      else if (meaningOf(validated) === good.get(form)) ends.unchanged += 1
      else if (told.length > 0) ends.findings += 1
      else silent.push(`${seed} ${kind} of ${form.name}`)
      if (!bytes.equals(form.bytes) && !checksumShows(form.bytes, bytes)) undetected.push(`${seed} ${kind}`)
    }

    expect(silent).toEqual([])
    expect(undetected).toEqual([])
    expect(ends.rejected + ends.findings + ends.unchanged).toBe(total)
    // Only the loss of the checksum itself, or of nothing that means anything, lets a file pass.
    expect(ends.rejected).toBeGreaterThan(total * 0.99)
  })
})

function checksumShows(good: Buffer, bytes: Buffer): boolean {
  try {
    assertChecksum('sidecar', sha256Hex(good), sha256Hex(bytes))
    return false
  } catch (error) {
    return error instanceof FileStop && error.stop.code === 'FIL-24'
  }
}
