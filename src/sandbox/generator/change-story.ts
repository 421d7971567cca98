import type { UnitKind } from '../../domain/unit.ts'
import { type SandboxUnit, unitKey } from './denmark.ts'

/** What can happen to a unit from one night to the next. `leftOut`: nothing happened, but the file fails to mention it. */
export const storyKinds = ['opened', 'closed', 'moved', 'renamed', 'readdressed', 'rephoned', 'retyped', 'leftOut'] as const
export type StoryKind = (typeof storyKinds)[number]

/** One thing that happened to one unit. */
export interface StoryLine {
  readonly change: StoryKind
  readonly kind: UnitKind
  readonly supplierId: string
  readonly lokalId: string
  readonly kommuneKode: string
  /** The change in words, old and new value included. */
  readonly what: string
}

/** All that happened from one night to the next, in the order it happened: parents open first, children close first. */
export interface Story {
  readonly lines: readonly StoryLine[]
  readonly counts: Readonly<Record<StoryKind, number>>
  /** The file that looks as if a third of its units had closed; null when no municipality is large enough. */
  readonly massClosing: { readonly supplierId: string; readonly kommuneKode: string } | null
}

/** Says what happened to a unit. */
export function toStoryLine(change: StoryKind, unit: SandboxUnit, what: string): StoryLine {
  return {
    change,
    kind: unit.kind,
    supplierId: unit.supplierId,
    lokalId: unit.lokalId,
    kommuneKode: unit.admKommuneKode,
    what,
  }
}

/** Counts the lines of a story. */
export function toStory(lines: readonly StoryLine[], massClosing: Story['massClosing']): Story {
  const counts = Object.fromEntries(storyKinds.map((change) => [change, lines.filter((line) => line.change === change).length]))
  return { lines, counts: counts as Record<StoryKind, number>, massClosing }
}

/** `unitKey` of the units that the files of the night leave out; see `NightOptions.leftOut`. */
export function leftOutOf(story: Story): ReadonlySet<string> {
  return new Set(story.lines.filter((line) => line.change === 'leftOut').map(unitKey))
}
