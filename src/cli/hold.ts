import type { Command } from 'commander'
import { decideHold } from '../app/decide-hold.ts'
import { type HoldView, showHold } from '../app/show-hold.ts'
import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import type { HoldState } from '../domain/flow.ts'
import { causeText } from '../domain/hold-causes.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { type Instant, toSecond } from '../domain/time.ts'
import { kommuneText } from '../domain/words.ts'
import type { Hold } from '../ports/register/files.ts'
import { example } from './example.ts'
import { asJson, byWhom, why } from './option-texts.ts'
import type { Parts } from './program.ts'
import { renderChanges } from './render-changes.ts'
import type { Screen } from './screen.ts'
import { withQueue, withRegister } from './with-program.ts'

const decisions = [
  {
    name: 'approve',
    decision: 'approved',
    does: {
      da: 'lad de tilbageholdte ændringer gå igennem; de planlægges igen og indføres, hvis de stadig er de samme',
      en: 'let the held changes pass; they are planned again and applied if they are still the same',
    },
  },
  { name: 'refuse', decision: 'refused', does: { da: 'lad registret være, som det er', en: 'leave the register as it is' } },
] as const

/** `dagtilbud hold list|show|approve|refuse`: changes that wait for a person. */
export function registerHold(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  const hold = cli
    .command('hold')
    .description(say({ da: 'se og afgør ændringer, der er holdt tilbage', en: 'see and decide changes that are held' }))
  const aHold = say({ da: 'det id, som `hold list` viser', en: 'the id that `hold list` shows' })

  hold
    .command('list')
    .description(say({ da: 'dem, der venter på en afgørelse', en: 'those that wait for a decision' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud hold list'))
    .action((options: { json?: boolean }) =>
      withRegister(parts, ({ register }) => {
        const holds = register.read((tx) => tx.files.holds({ state: 'open' }))
        if (options.json) printJson({ format: 'dagtilbud-holds-1', holds })
        else print(renderHolds(holds))
      }),
    )

  hold
    .command('show')
    .argument('<hold>', aHold)
    .description(
      say({
        da: 'en tilbageholdelse med årsag, tal og hver ændring, der venter',
        en: 'a hold with its cause, its numbers and every change that waits',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud hold show h-b55491ee3594'))
    .action((holdId: string, options: { json?: boolean }) =>
      withRegister(parts, async (register) => {
        const view = await showHold(register, holdId)
        if (options.json) printJson({ format: 'dagtilbud-hold-1', ...view })
        else print(renderHold(view))
      }),
    )

  for (const { name, decision, does } of decisions) {
    hold
      .command(name)
      .argument('<hold>', aHold)
      .description(say(does))
      .requiredOption('--by <name>', say(byWhom))
      .requiredOption('--reason <text>', say(why))
      .option('--json', say(asJson))
      .addHelpText(
        'after',
        example(say, `dagtilbud hold ${name} h-b55491ee3594 --by "Anna Holm" --reason "bekræftet pr. telefon"`),
      )
      .action((holdId: string, { by, reason, json }: { by: string; reason: string; json?: boolean }) =>
        withQueue(parts, async ({ operator }) => {
          const decided = await decideHold(operator, { holdId, decision, by, reason })
          const { state } = decided
          if (json) printJson({ format: 'dagtilbud-afgoerelse-1', hold: decided })
          else print({ da: `${holdId} ${outcomes[state].da}.`, en: `${holdId} ${outcomes[state].en}.` })
        }),
      )
  }
}

const outcomes: Readonly<Record<HoldState, BilingualText>> = {
  open: {
    da: 'er godkendt af den første person og venter på en anden',
    en: 'is approved by the first person and waits for another',
  },
  approved: { da: 'er godkendt; ændringerne planlægges igen', en: 'is approved; the changes are planned again' },
  refused: { da: 'er afvist; registret er urørt', en: 'is refused; the register is untouched' },
  expired: { da: 'er bortfaldet; registret er urørt', en: 'has lapsed; the register is untouched' },
}

function renderHolds(holds: readonly Hold[]): BilingualText {
  if (holds.length === 0) return { da: 'Intet er tilbageholdt.', en: 'Nothing is held.' }
  return lines(...holds.map(renderOpenHold))
}

function renderOpenHold(hold: Hold): BilingualText {
  const { holdId, slice, count, of, kommuneKode, supplierId, openedAt, firstBy } = hold
  const since = toSecond(openedAt)
  return lines(
    {
      da: `${holdId}  ${slice}: ${count} af ${of}, kommune ${kommuneKode}, ${supplierId}, siden ${since}`,
      en: `${holdId}  ${slice}: ${count} of ${of}, municipality ${kommuneKode}, ${supplierId}, since ${since}`,
    },
    paragraph(
      inBoth((say) => `    ${say(causeText(hold))}`),
      4,
    ),
    ...(firstBy === null
      ? []
      : [
          {
            da: `    godkendt af ${firstBy}; venter på en anden person`,
            en: `    approved by ${firstBy}; waits for another person`,
          },
        ]),
  )
}

/** A hold, at most 100 columns wide. */
export function renderHold({ hold, fileName, changes, needsSecondPerson }: HoldView): BilingualText {
  const { holdId, slice, count, of, allowed, supplierId, planHash, openedAt, state } = hold
  const [kommune, since] = [kommuneText(hold.kommuneKode), toSecond(openedAt)]
  const cause = causeText(hold)
  return lines(
    { da: `${holdId}  ${slice} i ${kommune}, fra ${supplierId}`, en: `${holdId}  ${slice} in ${kommune}, from ${supplierId}` },
    paragraph({
      da: `Fil ${fileName}, natten ${hold.date}; tilbageholdt ${since}`,
      en: `File ${fileName}, night ${hold.date}; held ${since}`,
    }),
    paragraph(same(`Plan ${planHash}`)),
    nothing,
    paragraph({ da: `Årsag: ${cause.da}`, en: `Cause: ${cause.en}` }),
    {
      da: `Antal: ${count} af ${of} enheder${allowed === null ? '' : `; ${allowed} ville gå igennem uden en person`}`,
      en: `Count: ${count} of ${of} units${allowed === null ? '' : `; ${allowed} would pass without a person`}`,
    },
    ...(hold.firstBy === null
      ? []
      : [{ da: 'Godkendt først af', en: 'First approved by' }, said(hold.firstBy, hold.firstReason, hold.firstAt)]),
    state === 'open' ? waitsFor(hold, needsSecondPerson) : decidedText(state),
    ...(hold.decidedAt === null ? [] : [said(hold.decidedBy, hold.reason, hold.decidedAt)]),
    nothing,
    ...renderChanges(changes),
  )
}

function said(by: string | null, reason: string | null, at: Instant | null): BilingualText {
  const rest = `${at === null ? '' : toSecond(at)}: ${reason ?? ''}`
  return paragraph({ da: `  ${by ?? 'ingen'}, ${rest}`, en: `  ${by ?? 'nobody'}, ${rest}` }, 4)
}

function decidedText(state: HoldState): BilingualText {
  return { da: `Afgjort: ${outcomes[state].da}`, en: `Decided: ${outcomes[state].en}` }
}

function waitsFor({ firstBy }: Hold, needsSecondPerson: boolean): BilingualText {
  if (firstBy !== null) return { da: 'Venter på en anden person end den første.', en: 'Waits for another person than the first.' }
  return needsSecondPerson
    ? { da: 'Venter på to personers godkendelse.', en: 'Waits for the approval of two persons.' }
    : { da: 'Venter på en persons afgørelse.', en: "Waits for a person's decision." }
}
