import type { Story } from './change-story.ts'
import { type Denmark, openUnits, parentKey, type SandboxUnit, sliceKey, toSlices, unitKey } from './denmark.ts'
import { type NightFile, toNightFile } from './night-files.ts'
import { createRandom, type Random } from './random.ts'
import { type DeliveryRecord, rowDefects } from './row-defects.ts'
import { privateChannelId, sandboxSuppliers } from './suppliers.ts'
import type { NotApplied } from './truth.ts'

/**
 * What must become of a file. `closings held`: all of it ships but the closings. `rows dropped`: all but the rows listed.
 * `refused`: none of it. `seen before`: the same bytes were delivered earlier, so there is nothing to do.
 */
export type FileOutcome = 'accepted' | 'closings held' | 'rows dropped' | 'refused' | 'seen before'

/** A row that must be dropped. */
export interface RowExpectation {
  readonly lokalId: string
  readonly defect: string
  readonly finding: string
}

/** What must become of one file of the night. */
export interface FileExpectation {
  readonly supplierId: string
  readonly kommuneKode: string
  readonly fileName: string
  readonly outcome: FileOutcome
  /** Codes of which one must be the cause of a refusal; empty otherwise. */
  readonly findings: readonly string[]
  readonly rows: readonly RowExpectation[]
  /** What is odd about the file, for people; empty when nothing is. */
  readonly note: string
}

/** A night's files with some of them spoilt, and what must come of each. */
export interface BrokenNight {
  readonly files: readonly NightFile[]
  readonly expectations: readonly FileExpectation[]
  /** For `toTruth`: what did not reach the register. */
  readonly notApplied: NotApplied
}

/** What the spoiling needs to know. */
export interface BreakInput {
  readonly seed: string | number
  /** Tonight's files, sound. */
  readonly files: readonly NightFile[]
  /** The files of an earlier night, which the worker has had. */
  readonly earlierFiles: readonly NightFile[]
  /** The country that `files` were written from, and how it came to be so. */
  readonly denmark: Denmark
  readonly story: Story
  /** How late the late file is. */
  readonly lateMs: number
}

/** Files with spoilt rows: one in this many, but at least one. */
const filesPerSpoiltRows = 30

/** Share of a cut-off file that is left. */
const cutAt = 0.6

const htmlPage = `<!DOCTYPE html>
<html lang="da"><head><meta charset="utf-8"><title>Log ind</title></head>
<body><h1>Log ind</h1><p>Sessionen er udløbet.</p></body></html>
`

/**
 * Spoils some of a night's files, each in another way, and says what must become of every file. A small country may
 * lack a file that fits; then that way is left out.
 */
export function breakFiles(input: BreakInput): BrokenNight {
  const random = createRandom(input.seed, 'broken-files')
  const { massClosing } = input.story
  const isStaged = (file: NightFile) => massClosing !== null && sliceKey(file) === sliceKey(massClosing)
  const pool = toPool(input, random, isStaged)
  const isNew = (file: NightFile) => !isRepetition(file, input.earlierFiles)
  const spoilt = [
    ...takeOne(pool, isXml, cutOff),
    ...takeOne(pool, isXml, (file) => sendAgain(file, input.earlierFiles)),
    ...takeOne(pool, isCsv, toHtmlPage),
    ...takeOne(
      pool,
      (file) => isMunicipal(file) && isNew(file),
      (file) => [judge(file), ...toForeignFile(file, random)],
    ),
    ...takeOne(pool, isNew, (file) => [judge({ ...file, lateMs: input.lateMs }, { note: 'comes late' })]),
  ]
  const candidates = spoilableUnits(input)
  const hasRows = (file: NightFile) => (candidates.get(sliceKey(file)) ?? []).length >= rowDefects.length
  for (let left = Math.ceil(input.files.length / filesPerSpoiltRows); left > 0; left--) {
    spoilt.push(...takeOne(pool, hasRows, (file) => [dropRows(file, random.shuffle(candidates.get(sliceKey(file)) ?? []))]))
  }
  const staged = input.files
    .filter(isStaged)
    .map((file) => judge(file, { outcome: 'closings held', note: 'a third of the units is missing' }))
  const rest = pool.map((file) => judge(file))
  return toBrokenNight([...rest, ...staged, ...spoilt])
}

/** A file with what must become of it. */
interface JudgedFile {
  readonly file: NightFile
  readonly expectation: FileExpectation
}

/** Where a file that is not applied would be missed: in random order, files with changes first. */
function toPool(input: BreakInput, random: Random, isStaged: (file: NightFile) => boolean): NightFile[] {
  const changed = new Set(input.story.lines.map((line) => sliceKey(line)))
  const free = random.shuffle(input.files.filter((file) => !isStaged(file)))
  return [...free.filter((file) => changed.has(sliceKey(file))), ...free.filter((file) => !changed.has(sliceKey(file)))]
}

/** Takes the first file that fits out of the pool and spoils it. Empty when none fits. */
function takeOne(
  pool: NightFile[],
  fits: (file: NightFile) => boolean,
  spoil: (file: NightFile) => readonly JudgedFile[],
): readonly JudgedFile[] {
  const index = pool.findIndex((file) => fits(file))
  const [taken] = index === -1 ? [] : pool.splice(index, 1)
  return taken === undefined ? [] : spoil(taken)
}

function judge(file: NightFile, expectation: Partial<FileExpectation> = {}): JudgedFile {
  const { supplierId, kommuneKode, fileName } = file
  return {
    file: expectation.note === undefined ? file : { ...file, note: expectation.note },
    expectation: { supplierId, kommuneKode, fileName, outcome: 'accepted', findings: [], rows: [], note: '', ...expectation },
  }
}

function cutOff(file: NightFile): JudgedFile[] {
  const bytes = file.bytes.subarray(0, Math.floor(file.bytes.length * cutAt))
  return [
    judge(
      { ...file, bytes, leverance: null },
      { outcome: 'refused', findings: ['FIL-06', 'FIL-10'], note: 'cut off in the middle' },
    ),
  ]
}

function sendAgain(file: NightFile, earlierFiles: readonly NightFile[]): JudgedFile[] {
  const earlier = earlierFiles.find((candidate) => sliceKey(candidate) === sliceKey(file))
  if (earlier === undefined) return [judge(file)]
  const { bytes, leverance } = earlier
  return [judge({ ...file, bytes, leverance }, { outcome: 'seen before', note: 'an earlier file under a new name' })]
}

function toHtmlPage(file: NightFile): JudgedFile[] {
  const bytes = Buffer.from(htmlPage, 'utf8')
  return [judge({ ...file, bytes, leverance: null }, { outcome: 'refused', findings: ['FIL-02'], note: 'an HTML page' })]
}

/** The same units from a system that the municipality did not choose, every name changed, so that a leak would show. */
function toForeignFile(file: NightFile, random: Random): JudgedFile[] {
  const others = sandboxSuppliers.filter((supplier) => supplier.id !== file.supplierId && supplier.id !== privateChannelId)
  const supplier = random.pick(others)
  if (file.leverance === null) return []
  const foreign = toNightFile(supplier, {
    header: {
      ...file.leverance.header,
      format: supplier.format,
      leverandoer: supplier.format === 'leverance-xml' ? supplier.id : null,
    },
    records: file.leverance.records.map((record) => ({ ...record, fields: { ...record.fields, navn: 'Fremmed navn' } })),
  })
  return [judge(foreign, { outcome: 'refused', findings: ['DTR-11a'], note: 'from a system the municipality did not choose' })]
}

/** Open units by slice that nothing stands under and that the day left alone. */
function spoilableUnits(input: BreakInput): ReadonlyMap<string, readonly SandboxUnit[]> {
  const changed = new Set(input.story.lines.map((line) => unitKey(line)))
  return new Map(
    toSlices(input.denmark).map((slice) => {
      const open = openUnits(slice.units)
      const parents = new Set(open.map((unit) => parentKey(unit)))
      const isSpoilable = (unit: SandboxUnit) =>
        unit.kind === 'anvisningsenhed' && !parents.has(unitKey(unit)) && !changed.has(unitKey(unit))
      return [sliceKey(slice), open.filter(isSpoilable)]
    }),
  )
}

function dropRows(file: NightFile, units: readonly SandboxUnit[]): JudgedFile {
  const supplier = sandboxSuppliers.find((candidate) => candidate.id === file.supplierId)
  if (supplier === undefined || file.leverance === null) return judge(file)
  const victims = rowDefects.flatMap((defect, index) => {
    const unit = units[index]
    return unit === undefined ? [] : [{ defect, unit }]
  })
  const records = file.leverance.records.map((record) => {
    const victim = victims.find(({ unit }) => isRecordOf(record, unit))
    return victim === undefined ? record : victim.defect.spoil(record)
  })
  return judge(toNightFile(supplier, { ...file.leverance, records }), {
    outcome: 'rows dropped',
    rows: victims.map(({ defect, unit }) => ({ lokalId: unit.lokalId, defect: defect.name, finding: defect.finding })),
    note: 'some rows are spoilt',
  })
}

function isRecordOf(record: DeliveryRecord, unit: SandboxUnit): boolean {
  return record.ref.nummer === null ? record.ref.lokalId === unit.lokalId : record.ref.nummer === unit.nummer
}

function toBrokenNight(judged: readonly JudgedFile[]): BrokenNight {
  const expectations = judged.map(({ expectation }) => expectation)
  const lost = expectations.filter(({ outcome }) => outcome === 'refused' || outcome === 'seen before')
  return {
    files: judged.map(({ file }) => file),
    expectations,
    notApplied: {
      files: new Set(lost.map(sliceKey)),
      units: new Set(expectations.flatMap(({ supplierId, rows }) => rows.map(({ lokalId }) => unitKey({ supplierId, lokalId })))),
    },
  }
}

function isRepetition(file: NightFile, earlierFiles: readonly NightFile[]): boolean {
  const earlier = earlierFiles.find((candidate) => sliceKey(candidate) === sliceKey(file))
  return earlier !== undefined && Buffer.compare(earlier.bytes, file.bytes) === 0
}

function isXml(file: NightFile): boolean {
  return isMunicipal(file) && file.leverance?.header.format === 'leverance-xml'
}

function isCsv(file: NightFile): boolean {
  return file.leverance?.header.format === 'eksport-csv'
}

function isMunicipal(file: NightFile): boolean {
  return file.supplierId !== privateChannelId
}
