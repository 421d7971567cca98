import { trimBlanks } from '../checks/characters.ts'
import { ejerformer } from '../code-tables.ts'
import { parseKommuneKode } from '../ids.ts'
import { kommuner } from '../kommuner.ts'
import { type RawRecord, slotOf } from '../raw-record.ts'
import { levelOf, refKey, type UnitFields, type UnitKind, type UnitRef, unitKinds } from '../unit.ts'
import type { FileContext } from './file-context.ts'
import type { Report } from './report.ts'
import type { UnitIndex } from './unit-index.ts'

type Status = 'aktiv' | 'nedlagt' | null

/** The rules between a unit and what stands above it: parents, mandate, one municipality, krydsvalidering, the owner's CVR. */
export interface HierarchyRules {
  /** `id` is the unit's own in the index. */
  check(id: number, raw: RawRecord, parent: UnitRef | null, status: Status, fields: UnitFields): void
}

/** Prepares the rules for one file; `units` holds what the file has said so far. */
export function createHierarchyRules(context: FileContext, units: UnitIndex, report: Report): HierarchyRules {
  const { rules, header, mandate } = context
  const ejerformCodes = [...ejerformer.keys()]
  const grundlagKeys = [...new Set(rules.lovgrundlagOf.values())]
  let lastParent: UnitRef = { nummer: null, lokalId: null }
  let lastParentId = -1

  return {
    check(id, raw, parent, status, fields) {
      if (status === 'nedlagt') units.set(id, 'closed')
      if (raw.kind === 'daginstitution') checkTop(id, fields)
      else {
        checkOwnMunicipality(raw)
        if (parent !== null && (parent.nummer !== null || parent.lokalId !== null)) checkBelow(id, raw, parent, status, fields)
      }
    },
  }

  function checkTop(id: number, fields: UnitFields): void {
    const { admKommuneKode, ejerformKode, lovgrundlagKode } = fields
    if (admKommuneKode !== undefined && kommuner.has(admKommuneKode) && admKommuneKode !== header.kommuneKode) {
      report('LOK-23', slotOf.admKommuneKode, { kommune: header.kommuneKode })
    }
    units.setTop(id, id)
    units.setOwnership(id, ejerformCodes.indexOf(ejerformKode ?? '') + 1, grundlagKeys.indexOf(lovgrundlagKode ?? '') + 1)
    if (isOutsideMandate(ejerformKode)) {
      report('DTR-11b', slotOf.ejerformKode)
      units.set(id, 'withoutMandate')
    }
  }

  function checkBelow(id: number, raw: RawRecord, parent: UnitRef, status: Status, fields: UnitFields): void {
    const { kind } = raw
    const slot = parent.nummer !== null ? slotOf.overordnetNummer : slotOf.overordnetLokalId
    const parentLevel = levelOf(kind) - 1
    const above = findParent(parent)
    if (above === -1) {
      const parentKind = unitKinds[parentLevel] ?? 'daginstitution'
      if (context.holdsAll(parentKind)) report('DTR-07', slot, { parent: refKey(parent) })
      else checkRowOwner(raw, fields)
      return
    }
    if (units.kind(above) !== parentLevel) {
      report('DTR-07', slot, { parent: refKey(parent) })
      return
    }
    units.set(above, 'hasChild')
    const top = units.top(above)
    units.setTop(id, top)
    const withoutMandate = units.has(above, 'withoutMandate')
    if (withoutMandate) units.set(id, 'withoutMandate')
    // A parent that is in the register already stands as it was, though its record was dropped.
    if (units.has(above, 'dropped') && (parent.nummer === null || withoutMandate)) {
      report('POST-13', slot, { parent: refKey(parent), parentLine: units.line(above) })
      return
    }
    if (status === 'aktiv' && units.has(above, 'closed'))
      report('DTR-08', slot, { parent: refKey(parent), parentLine: units.line(above) })
    if (top !== -1 && !units.has(top, 'dropped')) compareWithTop(top, raw, status, fields)
  }

  /** Children of one parent mostly stand together. */
  function findParent(parent: UnitRef): number {
    if (parent.nummer !== lastParent.nummer || parent.lokalId !== lastParent.lokalId || lastParentId === -1) {
      lastParent = parent
      lastParentId = units.find(parent)
    }
    return lastParentId
  }

  /** What a unit says of its daginstitution, and what its daginstitution allows it to be. */
  function compareWithTop(top: number, raw: RawRecord, status: Status, fields: UnitFields): void {
    const ejerform = ejerformCodes[units.ejerform(top) - 1]
    const lovgrundlag = grundlagKeys[units.lovgrundlag(top) - 1]
    if (ejerform === undefined) return
    const own = rowEjerform(raw)
    if (own !== '' && own !== ejerform) report('LOK-26', slotOf.ejerformKode, { parentValue: ejerform })
    checkOwnersCvr(ejerform, fields)
    const { instType3 } = fields
    if (raw.kind !== 'anvisningsenhed' || status !== 'aktiv' || lovgrundlag === undefined || instType3 === undefined) return
    if (rules.instTypeKoder.has(instType3) && !rules.kryds.allows(ejerform, lovgrundlag, instType3)) {
      report('DTR-06', slotOf.instType3, { ejerform, lovgrundlag, instType3 })
    }
  }

  /** Without its daginstitution in the file, a CSV row still says who owns it. */
  function checkRowOwner(raw: RawRecord, fields: UnitFields): void {
    const own = rowEjerform(raw)
    if (own === '') return
    if (isOutsideMandate(own)) report('DTR-11b', slotOf.ejerformKode)
    checkOwnersCvr(own, fields)
  }

  function checkOwnersCvr(ejerform: string, fields: UnitFields): void {
    const cvr = fields.cvrNummer
    if (cvr === undefined || context.kommuneCvr === '') return
    const isOwners = cvr === context.kommuneCvr
    if (ejerform === '1' && !isOwners) report('LOK-04', slotOf.cvrNummer, { kommune: context.kommuneNavn })
    if ((ejerform === '2' || ejerform === '3') && isOwners) report('LOK-05', slotOf.cvrNummer, { kommune: context.kommuneNavn })
  }

  /** The CSV layout repeats the owner's municipality on every row. */
  function checkOwnMunicipality(raw: RawRecord): void {
    const value = raw.values[slotOf.admKommuneKode]
    if (!value || value === header.kommuneKode) return
    const code = parseKommuneKode(value)
    if (code === null) report('DTR-02c', slotOf.admKommuneKode)
    else if (code !== header.kommuneKode) report('LOK-23', slotOf.admKommuneKode, { kommune: header.kommuneKode })
  }

  function isOutsideMandate(ejerform: string | undefined): boolean {
    return (
      mandate !== null && ejerform !== undefined && rules.ejerformKoder.has(ejerform) && !mandate.ejerformer.includes(ejerform)
    )
  }
}

/** The ejerform that a CSV row repeats; '' when it does not. */
function rowEjerform(raw: RawRecord): string {
  return trimBlanks(raw.values[slotOf.ejerformKode] ?? '')
}

/** Index entries of daginstitutioner that got no unit below them and stand open. */
export function findEmptyTops(units: UnitIndex): number[] {
  const daginstitution: UnitKind = 'daginstitution'
  const empty: number[] = []
  for (let id = 0; id < units.size; id++) {
    const isTop = units.kind(id) === levelOf(daginstitution)
    if (isTop && !units.has(id, 'hasChild') && !units.has(id, 'dropped') && !units.has(id, 'closed')) empty.push(id)
  }
  return empty
}
