import { FatalError } from '../domain/errors.ts'
import { parseKommuneKode } from '../domain/ids.ts'
import { parseMomentOrNull } from '../domain/moment.ts'
import type { Instant } from '../domain/time.ts'
import { type UnitKind, unitKinds } from '../domain/unit.ts'

/** What of the register is exported, and how it is written. */
export interface ExportRequest {
  readonly format: 'csv' | 'json'
  /** Null: all three levels in one file. */
  readonly niveau: UnitKind | null
  /** Null: every municipality. */
  readonly kommune: string | null
  /** Null: the newest state, or that of `kendt` when only that is given. */
  readonly gaelder: Instant | null
  readonly kendt: Instant | null
}

/** The levels by the names that a command line or an address has for them. */
export const levelNames: ReadonlyMap<string, UnitKind | null> = new Map<string, UnitKind | null>([
  ['samlet', null],
  ...unitKinds.map((kind) => [slugOf(kind), kind] as const),
])

/** 'alternativAdresse' -> 'alternativ-adresse' */
export function slugOf(kind: UnitKind | null): string {
  return kind === null ? 'samlet' : kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Reads what was asked for. @throws EXPORT_REQUEST_INVALID, MOMENT_INVALID */
export function parseExportRequest(asked: {
  readonly format?: string | undefined
  readonly level?: string | undefined
  readonly kommune?: string | undefined
  readonly asOf?: string | undefined
  readonly knownAt?: string | undefined
}): ExportRequest {
  const { format = 'csv', level = 'samlet', kommune, asOf, knownAt } = asked
  if (format !== 'csv' && format !== 'json') throw invalid(`format "${format}"`, 'use csv or json')
  const niveau = levelNames.get(level)
  if (niveau === undefined) throw invalid(`level "${level}"`, `use one of ${[...levelNames.keys()].join(', ')}`)
  return {
    format,
    niveau,
    kommune: kommune === undefined ? null : kommuneOf(kommune),
    gaelder: parseMomentOrNull(asOf),
    kendt: parseMomentOrNull(knownAt),
  }
}

/** A whole number within bounds. @throws EXPORT_REQUEST_INVALID */
export function parseLimit(text: string, most: number): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > most) throw invalid(`limit "${text}"`, `use a whole number from 1 to ${most}`)
  return limit
}

export function kommuneOf(text: string): string {
  const code = parseKommuneKode(text)
  if (code === null) throw invalid(`kommune "${text}"`, 'use one of the 98 municipality codes, such as 101')
  return code
}

function invalid(what: string, hint: string): FatalError {
  return new FatalError('EXPORT_REQUEST_INVALID', `an export was asked for with ${what.slice(0, 80)}, which does not exist`, {
    dataState: 'nothing was exported or changed',
    hint,
  })
}
