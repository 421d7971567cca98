import type { Change, PlannedLink } from './change-plan.ts'
import { identityOf, placeOf, type RegisterView } from './diff-register.ts'
import type { LinkRelation } from './lineage.ts'
import { compareText, groupBy } from './lists.ts'
import { looseText } from './rules/looks.ts'
import { parentKind, refKey, type UnitFields, type UnitKind, type UnitRef } from './unit.ts'

export interface LineageInput {
  /** Changes that are applied. */
  readonly pass: readonly Change[]
  /** Changes that wait: a unit whose close waits is neither closed nor sure to stay. */
  readonly held: readonly Change[]
  readonly view: RegisterView
  readonly kommuneKode: string
  /** Kinds of ownership the file speaks for; units of other owners are not its relatives. */
  readonly ejerformer: readonly string[]
}

/** Dagpleje of a whole town shares one address and one P-number, so neither says which came from which. */
const dagpleje = '6013'

/** A unit as it is once the plan is applied, or as it was when it closes. */
interface Place {
  readonly ref: UnitRef
  readonly kind: UnitKind
  readonly fields: UnitFields
  readonly fate: 'opened' | 'closed' | 'staying' | 'unsure'
}

/**
 * What follows from what in a plan. The P-number is asked first, then the whole address: a unit that closes where one opens
 * is succeeded by it (`afloest`), one that closes where one stays went into it (`lagt-sammen`), one that opens where one
 * stays came out of it (`udskilt`). Only where there is no other candidate. A unit that comes back under the supplier's old
 * id and is the same by one of these succeeds its closed number. Ours: the national register keeps no lineage.
 */
export function findLineage(input: LineageInput): PlannedLink[] {
  const links = returned(input)
  const linked = new Set(links.flatMap(({ fromNummer, to }) => [fromNummer, refKey(to)]))
  const places = placesOf(input)
  const isFree = ({ ref }: Place) => !linked.has(refKey(ref))
  const relateAll = (traitOf: (place: Place) => string, sameType: boolean) => {
    for (const [trait, group] of groupBy(places, traitOf)) {
      if (trait === '') continue
      const found = relate(group, sameType).filter(({ from, to }) => isFree(from) && isFree(to))
      for (const { from, to, relation } of found) links.push({ fromNummer: from.ref.nummer ?? '', to: to.ref, relation })
      for (const { from, to } of found) linked.add(refKey(from.ref)).add(refKey(to.ref))
    }
  }
  relateAll(pNummerOf, false)
  relateAll(addressOf, true)
  return links.sort((a, b) => compareText(orderOf(a), orderOf(b)))
}

/** What tells that two units are at one place: who shares neither is no relative. */
export function traitsOf(unit: Pick<Place, 'kind' | 'fields'>): string[] {
  return [pNummerOf(unit), addressOf(unit)].filter((trait) => trait !== '')
}

/** Where a unit of the register is; its address is the values of `addressParts` with bars between. Null what it has not. */
export interface UnitPlace {
  readonly nummer: string
  readonly kind: UnitKind
  readonly pNummer: string | null
  readonly address: string | null
}

/** True of a unit that has one of these traits. */
export function isRelated({ kind, pNummer, address }: UnitPlace, traits: ReadonlySet<string>): boolean {
  return (
    (pNummer !== null && traits.has(`${kind} ${pNummer}`)) || (address !== null && traits.has(`${kind} ${looseText(address)}`))
  )
}

function pNummerOf({ kind, fields: { pNummer } }: Pick<Place, 'kind' | 'fields'>): string {
  return pNummer === undefined ? '' : `${kind} ${pNummer}`
}

function addressOf({ kind, fields }: Pick<Place, 'kind' | 'fields'>): string {
  const address = placeOf(fields)
  return address === '' ? '' : `${kind} ${address}`
}

/** How the units of one place follow from one another; nothing when more than one answer is possible. */
function relate(
  group: readonly Place[],
  sameType: boolean,
): { readonly from: Place; readonly to: Place; readonly relation: LinkRelation }[] {
  const of = (fate: Place['fate']) => group.filter((place) => place.fate === fate)
  const [opened, closed, staying] = [of('opened'), of('closed'), of('staying')]
  const [fresh, gone, stays] = [opened[0], closed[0], staying[0]]
  if (opened.length + closed.length + staying.length < group.length || opened.length > 1 || staying.length > 1) return []
  if (stays !== undefined && fresh === undefined) return closed.map((from) => ({ from, to: stays, relation: 'lagt-sammen' }))
  if (stays !== undefined && fresh !== undefined && gone === undefined) return [{ from: stays, to: fresh, relation: 'udskilt' }]
  if (stays !== undefined || fresh === undefined || gone === undefined || closed.length > 1) return []
  if (sameType && gone.fields.instType3 !== fresh.fields.instType3) return []
  return [{ from: gone, to: fresh, relation: 'afloest' }]
}

/** New units whose id belonged to a closed one, with the same identity, P-number or address. */
function returned({ pass, view }: LineageInput): PlannedLink[] {
  return pass.flatMap((change) => {
    const before = change.lokalId === null ? undefined : view.units.get(view.numbersByLokalId.get(change.lokalId) ?? '')
    if (change.operation !== 'opret' || before === undefined || before.open || before.kind !== change.kind) return []
    const [old, fresh] = [before.fields, change.fields]
    const same =
      identityOf(before.kind, old) === identityOf(change.kind, fresh) ||
      (old.pNummer !== undefined && old.pNummer === fresh.pNummer) ||
      (placeOf(old) !== '' && placeOf(old) === placeOf(fresh))
    return same ? [{ fromNummer: before.nummer, to: refOf(change), relation: 'afloest' as const }] : []
  })
}

/** Units with a place of their own that the file may speak for, and what becomes of each. */
function placesOf({ pass, held, view, kommuneKode, ejerformer }: LineageInput): Place[] {
  const told = (operation: Change['operation']) =>
    new Map(pass.flatMap((change) => (change.operation === operation ? [[change.nummer, change]] : [])))
  const closing = told('nedlaeg')
  const updated = told('opdater')
  const waiting = new Set(held.flatMap(({ operation, nummer }) => (operation === 'nedlaeg' ? [nummer] : [])))
  const own = [...view.units.values()].filter(
    (unit) => unit.open && unit.admKommuneKode === kommuneKode && ejerformer.includes(unit.ejerformKode),
  )
  const known = own.map(({ nummer, kind, fields }): Place => {
    const fate = closing.has(nummer) ? 'closed' : waiting.has(nummer) ? 'unsure' : 'staying'
    return { ref: { nummer, lokalId: null }, kind, fields: updated.get(nummer)?.fields ?? fields, fate }
  })
  const fresh = pass.flatMap((change): Place[] =>
    change.operation === 'opret' ? [{ ref: refOf(change), kind: change.kind, fields: change.fields, fate: 'opened' }] : [],
  )
  return [...known, ...fresh].filter(({ kind, fields }) => parentKind[kind] !== null && fields.instType3 !== dagpleje)
}

function refOf({ nummer, lokalId }: Change): UnitRef {
  return { nummer, lokalId }
}

function orderOf({ fromNummer, to }: PlannedLink): string {
  return `${fromNummer} ${refKey(to)}`
}
