import type { Command } from 'commander'
import type { VerifyProgress, VerifyReport } from '../app/verify-register.ts'
import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { type Break, type BreakPart, breakTexts } from '../domain/verify-break.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'

/** Breaks that are listed; the rest are counted. */
const listed = 20

/** `dagtilbud verify`: proves the register from the kept files, and names the first place where the proof does not hold. */
export function registerVerify(cli: Command, parts: Parts, screen: Screen): void {
  const { say, print, printJson, note } = screen
  cli
    .command('verify')
    .description(
      say({
        da: 'bevis registret: genberegn det af de gemte filer, planer, forespørgsler og svar; 1 ved et brud',
        en: 'prove the register: recompute it from the kept files, plans, requests and replies; exit 1 at a break',
      }),
    )
    .option(
      '--night <date>',
      say({ da: 'genberegn kun til enden af denne nat', en: 'recompute up to the end of this night only' }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud verify --night 2026-11-24'))
    .action(async ({ night, json }: { night?: string; json?: boolean }) => {
      const settings = parts.loadSettings({ log: { level: 'silent' } })
      const { verify, close } = await parts.openProof(settings, progressWriter(screen))
      try {
        const report = await verify(night)
        if (report === null)
          note({
            da: `Natten ${night} er ikke lukket; der er intet at kontrollere endnu.`,
            en: `Night ${night} is not closed; there is nothing to examine yet.`,
          })
        else if (json)
          printJson({
            format: 'dagtilbud-bevis-1',
            ...report,
            breaks: report.breaks.map((found) => ({ ...found, ...breakTexts[found.part] })),
          })
        else print(renderVerifyReport(report))
        if (report?.sound !== true) process.exitCode = exitCodes.no
      } finally {
        close()
      }
    })
}

/** The proof in words. */
export function renderVerifyReport({ sound, breaks, notes, ...report }: VerifyReport): BilingualText {
  const { ledger, replayedTo, rows, tables, blobs } = report
  const { entries, hash, anchors } = ledger
  const at = hash === null ? null : `${hash.slice(0, 16)}…`
  const whole = replayedTo === entries
  return lines(
    row(
      { da: 'Hovedbog', en: 'Ledger' },
      {
        da: `${entries} poster, ${anchors} mærker fra lukkede nætter${at === null ? '' : `, står på ${at}`}`,
        en: `${entries} entries, ${anchors} marks of closed nights${at === null ? '' : `, stands at ${at}`}`,
      },
    ),
    row(
      { da: 'Genberegning', en: 'Recomputed' },
      {
        da: `${whole ? 'alle poster' : `til og med nr. ${replayedTo} af ${entries}`} giver det samme igen`,
        en: `${whole ? 'all entries' : `up to no. ${replayedTo} of ${entries}`} give the same again`,
      },
    ),
    row(
      { da: 'Register', en: 'Register' },
      { da: `${rows} rækker i ${tables} tabeller`, en: `${rows} rows in ${tables} tables` },
    ),
    row({ da: 'Fillager', en: 'File store' }, { da: `${blobs} filer`, en: `${blobs} files` }),
    ...notes.map((note) => row({ da: 'Bemærk', en: 'Note' }, note)),
    nothing,
    ...(sound ? [proven] : breakLines(breaks)),
  )
}

const proven = {
  da: 'Registret er bevist: intet er ændret, og intet mangler.',
  en: 'The register is proved: nothing was changed, and nothing is missing.',
}

function breakLines([first, ...further]: readonly Break[]): BilingualText[] {
  if (first === undefined) return []
  const { meaning, todo } = breakTexts[first.part]
  const none = { da: '(intet)', en: '(nothing)' }
  const [told, more] = [further.slice(0, listed), further.length - listed]
  return [
    { da: 'BRUD. Beviset holder ikke her:', en: 'BREAK. The proof does not hold here:' },
    fact({ da: 'sted', en: 'place' }, placeOf(first)),
    fact({ da: 'ventet', en: 'expected' }, first.expected === null ? none : same(first.expected)),
    fact({ da: 'fundet', en: 'found' }, first.seen === null ? none : same(first.seen)),
    fact({ da: 'betyder', en: 'means' }, meaning),
    fact({ da: 'gør', en: 'do' }, todo),
    ...(further.length === 0
      ? []
      : [
          nothing,
          { da: `${further.length} brud mere:`, en: `${further.length} more ${further.length === 1 ? 'break' : 'breaks'}:` },
        ]),
    ...told.map((found) => inBoth((say) => `  ${say(placeOf(found))}`)),
    ...(more > 0
      ? [{ da: `  … og ${more} til; se dem alle med --json`, en: `  … and ${more} more; see them all with --json` }]
      : []),
  ]
}

function row(label: BilingualText, text: BilingualText): BilingualText {
  return paragraph(
    inBoth((say) => `${say(label).padEnd(14)}${say(text)}`),
    14,
  )
}

function fact(label: BilingualText, text: BilingualText): BilingualText {
  return paragraph(
    inBoth((say) => `  ${say(label).padEnd(11)}${say(text)}`),
    13,
  )
}

const partNames: Readonly<Record<BreakPart, BilingualText>> = {
  ledger: { da: 'hovedbog', en: 'ledger' },
  anchor: { da: 'mærke', en: 'mark' },
  replay: { da: 'genberegning', en: 'recomputing' },
  exchange: { da: 'udveksling', en: 'exchange' },
  blob: { da: 'fillager', en: 'file store' },
  row: { da: 'række', en: 'row' },
  seal: { da: 'segl', en: 'seal' },
  database: { da: 'database', en: 'database' },
}

function placeOf({ part, place, key, column }: Break): BilingualText {
  const rest = [place, key, column ?? ''].filter((text) => text !== '')
  return inBoth((say) => [say(partNames[part]), ...rest].join(', '))
}

const progressNames: Readonly<Record<VerifyProgress['part'], BilingualText>> = {
  ledger: { da: 'hovedbogen læses', en: 'reading the ledger' },
  replay: { da: 'genberegnes', en: 'recomputing' },
  blobs: { da: 'fillageret læses', en: 'reading the file store' },
}
/** Least time between two lines of progress. */
const lineEveryMs = 2_000

function progressWriter({ note }: Screen): (progress: VerifyProgress) => void {
  let writtenAt = performance.now()
  return ({ part, done, of }) => {
    const now = performance.now()
    if (now - writtenAt < lineEveryMs) return
    writtenAt = now
    const { da, en } = progressNames[part]
    note({
      da: `  ${da}: ${done}${of === null ? '' : ` af ${of}`}`,
      en: `  ${en}: ${done}${of === null ? '' : ` of ${of}`}`,
    })
  }
}
