import { setImmediate } from 'node:timers/promises'
import type { BilingualText } from '../domain/bilingual-text.ts'
import type { DeliveryHeader, Mandate } from '../domain/delivery-file.ts'
import { type Finding, wholeFile } from '../domain/finding.ts'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import type { RawRecord } from '../domain/raw-record.ts'
import { createCountryChecker } from '../domain/rules/country-checker.ts'
import { createFileContext } from '../domain/rules/file-context.ts'
import { createFindingLog, type FindingLog } from '../domain/rules/finding-log.ts'
import { createRecordChecker, type RecordChecker } from '../domain/rules/record-checker.ts'
import { createRuleSet, type RuleSet, type RuleSettings } from '../domain/rules/rule-set.ts'
import { type BusinessDate, daysBetween } from '../domain/time.ts'
import type { Position, StagedRecord } from '../domain/unit.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { type DecodedText, decodeText } from '../formats/decode-text.ts'
import { type DeliveryName, parseDeliveryName } from '../formats/delivery-name.ts'
import { createPassingChecksum, type OwnChecksum } from '../formats/file-checksum.ts'
import { FileStop, type StopCause } from '../formats/file-stop.ts'
import { openContainer } from '../formats/open-container.ts'
import { readEksportCsv } from '../formats/read-eksport-csv.ts'
import { readLeveranceXml } from '../formats/read-leverance-xml.ts'
import type { RecordHandler } from '../formats/record-handler.ts'
import type { RecordReader } from '../formats/record-reader.ts'
import { sniffText } from '../formats/sniff-text.ts'

export interface ValidateInput {
  /** The name at the supplier; a CSV says in it what it is. */
  readonly fileName: string
  readonly content: AsyncIterable<Uint8Array>
  /** What the supplier may speak for; null asks nobody, as in a supplier's own check. */
  readonly mandate: Mandate | null
  /** Integer of lovgrundlagKode -> section key, added to the synthetic integers. */
  readonly codeMap: Readonly<Record<string, string>>
  /** The night it comes in, which a date of its own is held against; left out, none is. */
  readonly date?: BusinessDate
  readonly limits?: Partial<Limits>
  /** Levels and the krydsvalidering matrix, when they are not those that ship. */
  readonly rules?: Omit<RuleSettings, 'codeMap'>
  /** Encoding agreed with the supplier for files that declare none. */
  readonly encoding?: 'utf-8' | 'windows-1252'
  /** True when a checksum from beside the file fits: then its last line may lack a line end. */
  readonly provenWhole?: boolean
  /** Ends the reading before the next piece, with its reason. */
  readonly signal?: AbortSignal
  /** The file is about every municipality, as a baseline is. It is CSV, and its name need not say anything. */
  readonly wholeCountry?: boolean
  /**
   * Gets each record that stands. Some may be taken back by a later line: leave out those in `rejectedRefs`, and all of
   * them when the verdict is `rejected`.
   */
  readonly emit: (record: StagedRecord) => void | Promise<void>
}

/** What the name of a file about the whole country would say. It says what it says: nothing is missing from it. */
const wholeCountryName: DeliveryName = {
  kommuneKode: 'alle',
  art: 'delta',
  loebenummer: 0,
  niveau: null,
  antal: null,
  gyldigFra: null,
  kontrolsum: null,
}

/**
 * Holds one supplier's file against format and rules. Streams: memory does not depend on the size of the file but for a
 * few bytes per record. Never throws for what is in the file; errors of the content's source pass through.
 */
export async function validateDelivery(input: ValidateInput): Promise<ValidationResult> {
  const limits: Limits = { ...defaultLimits, ...input.limits }
  const rules = createRuleSet({ ...input.rules, codeMap: input.codeMap })
  const log = createFindingLog(limits)
  const takenFor: BilingualText[] = []
  const run: Run = { input, limits, rules, log, takenFor, header: null, own: null, checker: null, reader: null, batch: [] }
  try {
    await readFile(run)
    checkWhole(run)
    noteUntold(run)
    noteUnproven(run)
    return toResult(run, 'validated')
  } catch (error) {
    if (!(error instanceof FileStop)) throw error
    log.addCause(toCause(error.stop, rules, run.reader))
    return toResult(run, 'rejected')
  }
}

interface Run {
  readonly input: ValidateInput
  readonly limits: Limits
  readonly rules: RuleSet
  readonly log: FindingLog
  readonly takenFor: BilingualText[]
  header: DeliveryHeader | null
  /** The checksum that the file says of itself. */
  own: OwnChecksum | null
  checker: RecordChecker | null
  reader: RecordReader | null
  /** Records of the piece of text at hand. */
  batch: StagedRecord[]
}

async function readFile(run: Run): Promise<void> {
  const { input, limits } = run
  const opened = await openContainer(input.fileName, input.content, limits)
  run.takenFor.push(...opened.takenFor)
  const passing = createPassingChecksum()
  const decoded = await decodeText(passing.pass(opened.content), input.encoding ?? null)
  let head = ''
  for await (const text of decoded.text) {
    if (run.reader === null) {
      head += text
      startReader(run, head, opened.fileName, false)
    } else run.reader.write(text)
    await flush(run)
    // A piece is 64 KB at most: other jobs have their turn, and one that is told to stop does.
    await setImmediate()
    input.signal?.throwIfAborted()
  }
  run.takenFor.push(decoded.as.why)
  if (run.reader === null) startReader(run, head, opened.fileName, true)
  const proven = input.provenWhole === true || (run.own !== null && passing.fits(run.own))
  run.reader?.end(proven)
  if (run.own !== null) passing.assertFits(run.own)
  await flush(run)
  reportEncoding(run, decoded)
}

/** Chooses the reader once enough of the text is there to tell, and gives it what was held back. */
function startReader(run: Run, head: string, fileName: string, final: boolean): void {
  const kind = sniffText(head, fileName, final)
  if (kind === null) return
  run.reader = createReader(kind, run, fileName)
  run.reader.write(head)
}

async function flush(run: Run): Promise<void> {
  for (const record of run.batch) {
    const pending = run.input.emit(record)
    if (pending !== undefined) await pending
  }
  run.batch.length = 0
}

function createReader(kind: 'xml' | 'csv', run: Run, fileName: string): RecordReader {
  const handler = createHandler(run)
  const wholeCountry = run.input.wholeCountry === true
  if (kind === 'xml' && wholeCountry) {
    const facts = { cause: 'grunddata læses kun som CSV', causeEn: 'a baseline is read as CSV only' }
    throw new FileStop({ code: 'FIL-03', position: null, facts })
  }
  if (kind === 'xml') {
    run.takenFor.push({ da: 'leverance-XML, ved indholdet', en: 'leverance XML, by its content' })
    return readLeveranceXml(run.limits, handler)
  }
  const name = wholeCountry ? wholeCountryName : parseDeliveryName(fileName)
  if (name === null) throw new FileStop({ code: 'FIL-05', position: null, value: fileName.slice(0, 200) })
  run.takenFor.push({
    da: 'CSV i eksportens layout, ved filnavn og indhold',
    en: "CSV in the export's layout, by file name and content",
  })
  return readEksportCsv(name, run.limits, handler)
}

function createHandler(run: Run): RecordHandler {
  const { log, rules, limits, batch } = run
  return {
    header(header) {
      run.header = header
      const { mandate } = run.input
      if (mandate !== null && mandate.kommuner !== 'alle' && !mandate.kommuner.includes(header.kommuneKode)) {
        throw new FileStop({ code: 'DTR-11a', position: null, value: header.kommuneKode, facts: { kommune: header.kommuneKode } })
      }
      checkDate(run, header)
      run.checker =
        run.input.wholeCountry === true
          ? createCountryChecker(header, rules, log, limits)
          : createRecordChecker(createFileContext(header, rules, mandate), log, limits)
    },
    record(raw: RawRecord, faults) {
      const staged = run.checker?.check(raw, faults) ?? null
      if (staged !== null) batch.push(staged)
      stopAtLimits(run, raw.position)
    },
    unreadable(faults) {
      run.checker?.drop(faults)
      stopAtLimits(run, () => faults[0]?.position ?? null)
    },
    checksum(own) {
      run.own = own
    },
    remark(code, facts, position) {
      log.add(toFileFinding(code, rules, facts, position ?? null))
    },
  }
}

/** A date of its own lies near the night the file comes in, and what a whole municipality has then cannot be known before. */
function checkDate({ input: { date }, limits }: Run, { art, gyldigFra }: DeliveryHeader): void {
  if (gyldigFra === null || date === undefined) return
  const ahead = daysBetween(date, gyldigFra)
  const stop = { position: null, field: 'gyldigFra', value: gyldigFra }
  if (Math.abs(ahead) > limits.gyldigFraDays)
    throw new FileStop({ ...stop, code: 'FIL-29', facts: { date, max: limits.gyldigFraDays } })
  if (art === 'fuld' && ahead > 0) throw new FileStop({ ...stop, code: 'FIL-28', facts: { date } })
}

function stopAtLimits({ checker, limits }: Run, position: () => Position | null): void {
  if (checker === null) return
  if (checker.read() > limits.records)
    throw new FileStop({ code: 'FIL-19', position: position(), facts: { max: limits.records } })
  if (checker.rejected() > limits.rejectedRecords)
    throw new FileStop({ code: 'FIL-21', position: position(), facts: { max: limits.rejectedRecords } })
}

/** What only the end of the file can tell. */
function checkWhole({ header, checker }: Run): void {
  if (header === null || checker === null) throw new FileStop({ code: 'FIL-01', position: null })
  const read = checker.read()
  if (header.antal !== null && header.antal !== read) {
    throw new FileStop({ code: 'FIL-07', position: null, facts: { promised: header.antal, read } })
  }
  if (header.art === 'fuld' && read === 0) throw new FileStop({ code: 'FIL-01', position: null })
  checker.finish()
}

/** An XML file has no columns; what none of its records mentions, it says nothing of. A CSV said so in its header line. */
function noteUntold(run: Run): void {
  const { header, checker, log, rules } = run
  const untold = checker?.untold() ?? []
  if (header?.format !== 'leverance-xml' || untold.length === 0) return
  run.header = { ...header, udenFelter: untold }
  log.add(toFileFinding('FIL-34', rules, { fields: untold.join(', ') }, null))
}

/** What could have happened to a file that nothing vouches for. */
function noteUnproven({ input, own, header, log, rules }: Run): void {
  if (own !== null || input.provenWhole === true) return
  log.add(toFileFinding('FIL-35', rules, {}, null))
  if (header?.art === 'fuld' && header.antal === null) log.add(toFileFinding('FIL-33', rules, {}, null))
}

function reportEncoding({ log, rules }: Run, decoded: DecodedText): void {
  if (!decoded.as.byProof) return
  log.add(toFileFinding('FIL-31', rules, {}, null))
}

function toCause(stop: StopCause, rules: RuleSet, reader: RecordReader | null): Finding {
  const position = stop.position === 'here' ? (reader?.here() ?? null) : stop.position
  return { ...toFileFinding(stop.code, rules, stop.facts ?? {}, position), field: stop.field ?? null, value: stop.value ?? null }
}

function toFileFinding(code: string, rules: RuleSet, facts: Finding['facts'], position: Position | null): Finding {
  return { ...wholeFile, ...position, code, level: rules.levelOf(code), facts }
}

function toResult({ header, rules, log, checker, takenFor }: Run, verdict: ValidationResult['verdict']): ValidationResult {
  const read = checker?.read() ?? 0
  const rejected = verdict === 'rejected' ? read : (checker?.rejected() ?? 0)
  return {
    verdict,
    header,
    ruleSet: rules.name,
    counts: { read, accepted: read - rejected, rejected },
    findings: log.listed(),
    findingCounts: log.counts(),
    rejectedRefs: checker?.rejectedRefs() ?? [],
    rejectedWithoutKey: checker?.rejectedWithoutKey() ?? 0,
    takenFor,
  }
}
