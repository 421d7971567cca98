import type { DeliveredInput, ReceiptInput } from '../domain/receipt.ts'
import { toSafeCsv } from './csv-cell.ts'
import { findingColumns, toFindingCells, toFindingDocument, toFindingLine } from './finding-document.ts'

const verdictWords = {
  accepteret: { da: 'Accepteret: hele filen er brugt.', en: 'Accepted: the whole file was used.' },
  delvist: {
    da: 'Delvist accepteret: nogle poster er afvist eller tilbageholdt.',
    en: 'Partly accepted: some records were refused or held.',
  },
  afvist: {
    da: 'Afvist: intet af filen er brugt, og registret er uændret.',
    en: 'Refused: nothing of the file was used; the register is unchanged.',
  },
  tilbageholdt: { da: 'Tilbageholdt: filen venter på en beslutning.', en: 'Held: the file waits for a decision.' },
  afventer: {
    da: 'Afventer: filen er kontrolleret og venter på sin dato.',
    en: 'Waiting: the file was checked and waits for its date.',
  },
} as const
/** Findings that the short text lists. */
const textFindings = 20

/** The receipt a machine reads, beside the supplier's file as `<file>.kvittering.json`. Schema: config/schemas/kvittering-1.schema.json. */
export function buildReceiptJson(input: ReceiptInput): string {
  return toJson({
    format: 'dagtilbud-kvittering-1',
    fil: { navn: input.fileName, sha256: input.sha256, modtaget: input.receivedAt, nat: input.nightDate },
    leverandoer: { id: input.supplierId, navn: input.supplierNavn },
    hoved:
      input.header === null
        ? null
        : {
            format: input.header.format,
            leverandoer: input.header.leverandoer,
            kommuneKode: input.header.kommuneKode,
            art: input.header.art,
            loebenummer: input.header.loebenummer,
            dannet: input.header.dannet,
            antal: input.header.antal,
            niveauer: input.header.niveauer,
            gyldigFra: input.header.gyldigFra ?? null,
          },
    udfald: { kode: input.verdict, ...verdictWords[input.verdict] },
    antal: {
      laest: input.counts.read,
      accepteret: input.counts.accepted,
      afvist: input.counts.rejected,
      uaendret: input.counts.unchanged,
      tilbageholdt: input.counts.held,
    },
    aendringer: input.changes,
    udstedteNumre: input.issued.map(({ lokalId, nummer, kind }) => ({ lokalId, nummer, art: kind })),
    tilbageholdt: input.held.map(({ slice, count, cause }) => ({ del: slice, antal: count, aarsag: cause })),
    fund: input.findings.map(toFindingDocument),
    fundAntal: input.findingCounts,
    fundVist: input.findings.length,
    naeste: input.next,
    regelsaet: input.ruleSet,
  })
}

/**
 * The receipt a person opens in a spreadsheet, as `<file>.kvittering.csv`: BOM, CRLF, `;`, one line per finding and per
 * issued number, the outcome first. No cell can act as a formula.
 */
export function buildReceiptCsv(input: ReceiptInput): string {
  const { counts } = input
  const words = verdictWords[input.verdict]
  const lines: (string | number | null)[][] = [
    ['type', ...findingColumns],
    csvLine('udfald', input.verdict, `${words.da} ${sumLine(counts)}`, `${words.en}`),
    csvLine('naeste', null, input.next.da, input.next.en),
    ...input.held.map(({ slice, count, cause }) =>
      csvLine('tilbageholdt', slice, `${count}: ${cause.da}`, `${count}: ${cause.en}`),
    ),
    ...input.issued.map(({ lokalId, nummer, kind }) => [
      'nummer',
      null,
      null,
      null,
      null,
      kind,
      lokalId,
      'nummer',
      nummer,
      `${lokalId} har fået nummer ${nummer}`,
      null,
      `${lokalId} was given number ${nummer}`,
      null,
      null,
    ]),
    ...input.findings.map((finding) => ['fund', ...toFindingCells(finding)]),
  ]
  const hidden = hiddenFindings(input)
  if (hidden > 0)
    lines.push(
      csvLine(
        'afkortet',
        null,
        `${hidden} fund mere er talt, men ikke vist`,
        `${hidden} more findings were counted but not listed`,
      ),
    )
  return toSafeCsv(lines)
}

function csvLine(type: string, key: string | null, da: string, en: string): (string | number | null)[] {
  return [type, null, null, null, null, null, key, null, null, da, null, en, null, null]
}

/** The receipt in a few lines, for a screen or a mail. */
export function buildReceiptText(input: ReceiptInput): string {
  const words = verdictWords[input.verdict]
  const lines = [
    `${input.fileName}: ${words.da}`,
    sumLine(input.counts),
    ...input.held.map(({ slice, count, cause }) => `Tilbageholdt ${slice} (${count}): ${cause.da}`),
    ...(input.issued.length === 0 ? [] : [`Udstedte numre: ${input.issued.length}`]),
    ...input.findings.slice(0, textFindings).map((finding) => `- ${toFindingLine(finding)}`),
  ]
  const hidden = hiddenFindings(input) + Math.max(0, input.findings.length - textFindings)
  if (hidden > 0) lines.push(`… og ${hidden} fund mere; se kvitteringens CSV eller JSON.`)
  lines.push(`Næste skridt: ${input.next.da}`, '', `In English: ${words.en} Next: ${input.next.en}`)
  return `${lines.join('\n')}\n`
}

function sumLine({ read, accepted, rejected, unchanged, held }: ReceiptInput['counts']): string {
  return `${read} læst = ${accepted} accepteret + ${unchanged} uændret + ${rejected} afvist + ${held} tilbageholdt.`
}

/** Findings that were counted but are not listed. */
function hiddenFindings({ findings, findingCounts }: ReceiptInput): number {
  const counted = Object.values(findingCounts).reduce((sum, count) => sum + count, 0)
  return Math.max(0, counted - findings.length)
}

/** The second receipt, `<file>.leveret.json`: what became of each number at Unilogin. */
export function buildDeliveredJson(input: DeliveredInput): string {
  const confirmed = input.numbers.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length
  return toJson({
    format: 'dagtilbud-leveret-1',
    fil: { navn: input.fileName, sha256: input.sha256 },
    leverandoer: { id: input.supplierId },
    antal: {
      numre: input.numbers.length,
      bekraeftet: confirmed,
      afvist: input.numbers.filter(({ refusedText }) => refusedText !== null).length,
    },
    cutoff: input.cutoff === null ? null : { navn: input.cutoff.navn, tidspunkt: input.cutoff.at, naaet: input.cutoff.met },
    numre: input.numbers.map(({ nummer, operation, acknowledgedAt, refusedText, missed }) => ({
      nummer,
      operation,
      bekraeftet: acknowledgedAt,
      afvistMed: refusedText,
      cutoffMisset: missed === null ? null : { navn: missed.navn, tidspunkt: missed.at },
    })),
  })
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
