import type { UnitFields } from '../../domain/unit.ts'
import { type StoryKind, type StoryLine, toStoryLine } from './change-story.ts'
import { type Denmark, openUnits, parentKey, type SandboxUnit, sliceKey, toSlices, unitKey } from './denmark.ts'
import { type Slot, toLokalId } from './identifiers.ts'

/** The country while a day passes over it: a working copy, what happened so far, and what may not be touched again. */
export interface DayDraft {
  readonly units: Map<string, SandboxUnit>
  readonly childKeys: Map<string, string[]>
  /** Units a slice ever had. */
  readonly sliceSizes: Map<string, number>
  readonly lines: StoryLine[]
  /** One thing a day happens to a unit, at most. */
  readonly touched: Set<string>
  /** How often a change happened in a slice, so that none looks like a mass change. */
  readonly happened: Map<string, number>
}

/** Opens a working copy. */
export function openDayDraft(denmark: Denmark): DayDraft {
  const childKeys = new Map<string, string[]>()
  for (const unit of denmark.units) rememberChild(childKeys, unit)
  return {
    units: new Map(denmark.units.map((unit) => [unitKey(unit), unit])),
    childKeys,
    sliceSizes: new Map(toSlices(denmark).map((slice) => [sliceKey(slice), slice.units.length])),
    lines: [],
    touched: new Set(),
    happened: new Map(),
  }
}

/** The country at the end of the day, in the usual order. */
export function closeDayDraft(draft: DayDraft): Denmark {
  return { units: toSlices({ units: [...draft.units.values()] }).flatMap((slice) => slice.units) }
}

/** The unit as it is now; its parent too. */
export function currentUnit(draft: DayDraft, key: string | null): SandboxUnit | undefined {
  return key === null ? undefined : draft.units.get(key)
}

/** Open units directly below. */
export function openChildren(draft: DayDraft, parent: SandboxUnit): SandboxUnit[] {
  const children = (draft.childKeys.get(unitKey(parent)) ?? []).flatMap((key) => draft.units.get(key) ?? [])
  return openUnits(children).filter((child) => parentKey(child) === unitKey(parent))
}

/** The unit and all that is open below it, parents first. */
export function openSubtree(draft: DayDraft, unit: SandboxUnit): SandboxUnit[] {
  return [unit, ...openChildren(draft, unit).flatMap((child) => openSubtree(draft, child))]
}

/** Replaces a unit, and says why. */
export function changeUnit(draft: DayDraft, change: StoryKind, unit: SandboxUnit, what: string): void {
  draft.units.set(unitKey(unit), unit)
  rememberChild(draft.childKeys, unit)
  draft.touched.add(unitKey(unit))
  draft.lines.push(toStoryLine(change, unit, what))
}

/** Adds a new unit beside the units of a slice, under the next id. */
export function openUnit(
  draft: DayDraft,
  slot: Slot,
  unit: Pick<SandboxUnit, 'kind' | 'parentLokalId'> & { readonly fields: UnitFields },
): SandboxUnit {
  const opened: SandboxUnit = {
    ...unit,
    supplierId: slot.supplierId,
    lokalId: toLokalId(slot),
    admKommuneKode: slot.kommuneKode,
    nummer: null,
    status: 'aktiv',
  }
  draft.sliceSizes.set(sliceOfUnit(opened), slot.sequence)
  changeUnit(draft, 'opened', opened, `navn: ${unit.fields.navn}`)
  return opened
}

/** The next free place in the slice of a unit. */
export function nextSlot(draft: DayDraft, neighbour: SandboxUnit): Slot {
  const sequence = (draft.sliceSizes.get(sliceOfUnit(neighbour)) ?? 0) + 1
  return { supplierId: neighbour.supplierId, kommuneKode: neighbour.admKommuneKode, sequence }
}

/** The slice a unit belongs to. */
export function sliceOfUnit(unit: SandboxUnit): string {
  return sliceKey({ supplierId: unit.supplierId, kommuneKode: unit.admKommuneKode })
}

function rememberChild(childKeys: Map<string, string[]>, unit: SandboxUnit): void {
  const parent = parentKey(unit)
  if (parent === null) return
  const siblings = childKeys.get(parent)
  if (siblings === undefined) childKeys.set(parent, [unitKey(unit)])
  else if (!siblings.includes(unitKey(unit))) siblings.push(unitKey(unit))
}
