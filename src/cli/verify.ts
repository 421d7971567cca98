import type { Command } from 'commander'
import type { VerifyProgress, VerifyReport } from '../app/verify-register.ts'
import { type Break, breakTexts } from '../domain/verify-break.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** Breaks that are listed; the rest are counted. */
const listed = 20

/** `dagtilbud verify`: proves the register from the kept files, and names the first place where the proof does not hold. */
export function registerVerify(cli: Command, parts: Parts): void {
  cli
    .command('verify')
    .description('prove the register: recompute it from the kept files, plans, requests and replies; exit 1 at a break')
    .option('--night <date>', 'recompute up to the end of this night only')
    .option('--json', 'print the result as JSON')
    .action(async ({ night, json }: { night?: string; json?: boolean }) => {
      const { verify, close } = await parts.openProof(parts.loadSettings({ log: { level: 'silent' } }), progressWriter())
      try {
        const report = await verify(night)
        if (report === null) print(`Natten ${night} er ikke lukket; der er intet at kontrollere endnu.`)
        else if (json) printJson({ ...report, breaks: report.breaks.map((found) => ({ ...found, ...breakTexts[found.part] })) })
        else print(renderVerifyReport(report))
        if (report?.sound !== true) process.exitCode = 1
      } finally {
        close()
      }
    })
}

/** The proof in words. */
export function renderVerifyReport({ sound, breaks, notes, ...report }: VerifyReport): string {
  const { entries, hash, anchors } = report.ledger
  const whole = report.replayedTo === entries
  const lines = [
    `Hovedbog      ${entries} poster, ${anchors} mærker fra lukkede nætter${hash === null ? '' : `, står på ${hash.slice(0, 16)}…`}`,
    `Genberegning  ${whole ? 'alle poster' : `til og med nr. ${report.replayedTo} af ${entries}`} giver det samme igen`,
    `Register      ${report.rows} rækker i ${report.tables} tabeller`,
    `Fillager      ${report.blobs} filer`,
    ...notes.map((note) => `Bemærk        ${note}`),
    '',
  ]
  const [first] = breaks
  if (sound || first === undefined) return [...lines, 'Registret er bevist: intet er ændret, og intet mangler.'].join('\n')
  const { meaning, todo } = breakTexts[first.part]
  const further = breaks.slice(1)
  return [
    ...lines,
    'BRUD. Beviset holder ikke her:',
    `  sted       ${placeOf(first)}`,
    `  ventet     ${first.expected ?? '(intet)'}`,
    `  fundet     ${first.seen ?? '(intet)'}`,
    `  betyder    ${meaning}`,
    `  gør        ${todo}`,
    ...(further.length === 0 ? [] : ['', `${further.length} brud mere:`]),
    ...further.slice(0, listed).map((found) => `  ${placeOf(found)}`),
    ...(further.length > listed ? [`  … og ${further.length - listed} til; se dem alle med --json`] : []),
  ].join('\n')
}

const partNames: Readonly<Record<Break['part'], string>> = {
  ledger: 'hovedbog',
  anchor: 'mærke',
  replay: 'genberegning',
  exchange: 'udveksling',
  blob: 'fillager',
  row: 'række',
  seal: 'segl',
  database: 'database',
}

function placeOf({ part, place, key, column }: Break): string {
  return [partNames[part], place, key, column ?? ''].filter((text) => text !== '').join(', ')
}

const progressNames: Readonly<Record<VerifyProgress['part'], string>> = {
  ledger: 'hovedbogen læses',
  replay: 'genberegnes',
  blobs: 'fillageret læses',
}
/** Least time between two lines of progress. */
const lineEveryMs = 2_000

function progressWriter(): (progress: VerifyProgress) => void {
  let writtenAt = performance.now()
  return ({ part, done, of }) => {
    const now = performance.now()
    if (now - writtenAt < lineEveryMs) return
    writtenAt = now
    process.stderr.write(`  ${progressNames[part]}: ${done}${of === null ? '' : ` af ${of}`}\n`)
  }
}
