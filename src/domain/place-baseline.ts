import type { RegisterUnit } from './diff-register.ts'
import { type Finding, recordFinding } from './finding.ts'
import { levelOf, type Position, parentKind, refKey, type StagedRecord } from './unit.ts'

/** A unit of a baseline with the owner it takes from above. */
export interface BaselineUnit extends RegisterUnit {
  readonly position: Position
}

/** What of a baseline can stand in the register, parents first, and what is wrong with the rest. */
export interface PlacedBaseline {
  readonly units: readonly BaselineUnit[]
  readonly findings: readonly Finding[]
}

/**
 * Puts the units of a baseline under one another. Each brings its number; the unit above it stands in the file or is open
 * in the register.
 * @param known Units of the register that records name as their parents.
 */
export function placeBaseline(records: readonly StagedRecord[], known: ReadonlyMap<string, RegisterUnit>): PlacedBaseline {
  const placed = new Map<string, RegisterUnit>(known)
  const units: BaselineUnit[] = []
  const findings: Finding[] = []
  for (const record of [...records].sort((a, b) => levelOf(a.kind) - levelOf(b.kind))) {
    const { nummer } = record.ref
    const parent = record.parent === null ? undefined : placed.get(record.parent.nummer ?? '')
    const problem = nummer === null ? recordFinding('REG-04', record, {}) : problemAbove(record, parent)
    if (nummer === null || problem !== null) {
      if (problem !== null) findings.push(problem)
      continue
    }
    const unit = toUnit(nummer, record, parent)
    placed.set(nummer, unit)
    units.push(unit)
  }
  return { units, findings }
}

function problemAbove(record: StagedRecord, parent: RegisterUnit | undefined): Finding | null {
  const wanted = parentKind[record.kind]
  if (wanted === null) return null
  const stands = parent?.kind === wanted && (parent.open || record.status === 'nedlagt')
  return stands ? null : recordFinding('DTR-07b', record, { parent: record.parent === null ? '' : refKey(record.parent) })
}

function toUnit(nummer: string, record: StagedRecord, parent: RegisterUnit | undefined): BaselineUnit {
  const { kind, fields, ekstra, status, position } = record
  return {
    nummer,
    kind,
    parentNummer: parent?.nummer ?? null,
    fields,
    ekstra,
    open: status === 'aktiv',
    admKommuneKode: parent?.admKommuneKode ?? fields.admKommuneKode ?? '',
    ejerformKode: parent?.ejerformKode ?? fields.ejerformKode ?? '',
    position,
  }
}
