import { type Story, toStory, toStoryLine } from './change-story.ts'
import { closeDayDraft, currentUnit, type DayDraft, openDayDraft, openSubtree, sliceOfUnit } from './day-draft.ts'
import { type DayEvent, dayEvents } from './day-events.ts'
import { type Denmark, openUnits, type SandboxUnit, sliceKey, toSlices, unitKey } from './denmark.ts'
import { createRandom, type Random } from './random.ts'

/** Open units of a file that can stage a mass closing: large enough to be over the guard, but not the capital. */
const massClosingSize = { smallest: 30, largest: 150 } as const

/**
 * Lets one day pass. In one municipality nothing closes, but a third of its units is missing from its file: give
 * `leftOutOf(story)` to `buildNightFiles`.
 */
export function nextDay(denmark: Denmark, options: { readonly seed: string | number }): { denmark: Denmark; story: Story } {
  const random = createRandom(options.seed, 'next-day')
  const draft = openDayDraft(denmark)
  const massClosing = stageMassClosing(draft, random, denmark)
  const candidates = random.shuffle(openUnits(denmark.units).filter((unit) => unit.kind === 'anvisningsenhed'))
  for (const event of dayEvents) {
    let left = Math.max(1, Math.round(candidates.length * event.rate))
    for (const candidate of candidates) {
      if (left === 0) break
      if (tryEvent(draft, random, event, candidate, massClosing)) left--
    }
  }
  return { denmark: closeDayDraft(draft), story: toStory(draft.lines, massClosing) }
}

function tryEvent(
  draft: DayDraft,
  random: Random,
  event: DayEvent,
  candidate: SandboxUnit,
  massClosing: Story['massClosing'],
): boolean {
  const unit = currentUnit(draft, unitKey(candidate))
  if (unit === undefined || draft.touched.has(unitKey(unit))) return false
  // A real closing or move would wait for a person beside the staged ones.
  if (event.reshapes && massClosing !== null && sliceOfUnit(unit) === sliceKey(massClosing)) return false
  const counter = `${event.name}: ${sliceOfUnit(unit)}`
  const times = draft.happened.get(counter) ?? 0
  if (times >= event.perSlice || !event.happen(draft, random, unit)) return false
  draft.happened.set(counter, times + 1)
  return true
}

/** Whole daginstitutioner go missing, until a third of the units has, so that the rest of the file is a sound tree. */
function stageMassClosing(draft: DayDraft, random: Random, denmark: Denmark): Story['massClosing'] {
  const { smallest, largest } = massClosingSize
  const fitting = toSlices(denmark)
    .map((slice) => ({ ...slice, units: openUnits(slice.units) }))
    .filter(({ units }) => units.length >= smallest && units.length <= largest)
  if (fitting.length === 0) return null
  const slice = random.pick(fitting)
  const wanted = Math.ceil(slice.units.length / 3)
  const leftOut: SandboxUnit[] = []
  for (const root of random.shuffle(slice.units.filter((unit) => unit.kind === 'daginstitution'))) {
    const tree = openSubtree(draft, root)
    if (leftOut.length + tree.length <= wanted + 2) leftOut.push(...tree)
    if (leftOut.length >= wanted) break
  }
  for (const unit of leftOut) {
    draft.touched.add(unitKey(unit))
    draft.lines.push(toStoryLine('leftOut', unit, 'open, but missing from the file'))
  }
  return { supplierId: slice.supplierId, kommuneKode: slice.kommuneKode }
}
