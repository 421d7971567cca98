import type { LeveranceKind } from '../domain/delivery-file.ts'
import { leveranceKinds } from '../domain/delivery-file.ts'
import { parseKommuneKode } from '../domain/ids.ts'
import { type BusinessDate, isBusinessDate } from '../domain/time.ts'
import { type UnitKind, unitKinds } from '../domain/unit.ts'

/** What the name of a CSV delivery says, since the layout of the public export has no header record. */
export interface DeliveryName {
  readonly kommuneKode: string
  readonly art: LeveranceKind
  readonly loebenummer: number
  /** Set when the file holds one level only. */
  readonly niveau: UnitKind | null
  /** Records promised by the name. */
  readonly antal: number | null
  /** From when the units are as the file says; null when the name has no date. */
  readonly gyldigFra: BusinessDate | null
  /** First 16 hex digits, in lower case, of the SHA-256 of the unpacked file. */
  readonly kontrolsum: string | null
}

const pattern =
  /^(\d{3,4})_([a-z]+)_(\d{1,9})(?:_([a-z]+))?(?:_n(\d{1,9}))?(?:_g(\d{4})(\d{2})(\d{2}))?(?:_k([0-9a-f]{16}))?\.csv$/

/**
 * Reads `<kommunekode>_<fuld|delta>_<løbenummer>[_<level>][_n<antal>][_g<ååååmmdd>][_k<kontrolsum>].csv`, in any case of
 * letters.
 * Null when the name is anything else: the sender declares what the file is, we never guess.
 * @example parseDeliveryName('101_fuld_000042_anvisningsenhed_n57_g20270101_k0123456789abcdef.csv')
 */
export function parseDeliveryName(fileName: string): DeliveryName | null {
  const match = pattern.exec(fileName.toLowerCase())
  if (match === null) return null
  const [, kommune, kind, number, level, count, year, month, day, kontrolsum = null] = match
  const kommuneKode = parseKommuneKode(kommune ?? '')
  const art = leveranceKinds.find((candidate) => candidate === kind)
  const niveau = level === undefined ? null : unitKinds.find((candidate) => candidate.toLowerCase() === level)
  const gyldigFra = year === undefined ? null : `${year}-${month}-${day}`
  if (kommuneKode === null || art === undefined || niveau === undefined) return null
  if (gyldigFra !== null && !isBusinessDate(gyldigFra)) return null
  const antal = count === undefined ? null : Number(count)
  return { kommuneKode, art, loebenummer: Number(number), niveau, antal, gyldigFra, kontrolsum }
}

/** The name our own writer gives a CSV delivery; the running number has six digits or more. */
export function buildDeliveryName(name: DeliveryName): string {
  const parts = [name.kommuneKode, name.art, String(name.loebenummer).padStart(6, '0')]
  if (name.niveau !== null) parts.push(name.niveau)
  if (name.antal !== null) parts.push(`n${name.antal}`)
  if (name.gyldigFra !== null) parts.push(`g${name.gyldigFra.replaceAll('-', '')}`)
  if (name.kontrolsum !== null) parts.push(`k${name.kontrolsum}`)
  return `${parts.join('_')}.csv`
}
