import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toInstitutionRecord } from '../src/domain/institution-record.ts'
import type { UnitFields } from '../src/domain/unit.ts'
import type { NewVersion } from '../src/ports/register/units.ts'
import { createDenmark } from '../src/sandbox/generator/create-denmark.ts'
import { type Denmark, parentKey, type SandboxUnit, unitKey } from '../src/sandbox/generator/denmark.ts'
import { nextDay } from '../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../src/sandbox/generator/night-files.ts'
import { type SandboxSupplier, sandboxSuppliers } from '../src/sandbox/generator/suppliers.ts'
import { aVersion } from '../test/kit/builders.ts'

/** All write what xmllint can check, and name units by their numbers, so that the register needs no night before. */
export const nightSuppliers: readonly SandboxSupplier[] = sandboxSuppliers.map((supplier) => ({
  ...supplier,
  format: 'leverance-xml',
  encoding: 'utf-8',
  usesNumbers: true,
}))

/** A letter for each 100,000 numbers; G is left to those the night gives out. */
const letters = 'ABCDEFHIJKLM'

/** A country that has its numbers, as it was and a day later. */
export interface NightCountry {
  readonly units: readonly SandboxUnit[]
  /** What the suppliers sent the day before, and what they send now. */
  readonly before: readonly NightFile[]
  readonly files: readonly NightFile[]
}

/** A country `scale` times the size of ours and what a day makes of it; no file is broken. */
export function nightCountry(scale: number): NightCountry {
  const denmark = createDenmark({ seed: 'bench-night', scale })
  const numbered: Denmark = {
    units: denmark.units.map((unit, n) => ({ ...unit, nummer: toNumber(n), fields: asValidated(unit.fields) })),
  }
  const filesOf = (country: Denmark, loebenummer: number) =>
    buildNightFiles(country, nightSuppliers, { loebenummer, dannet: new Date(Date.now() - 3_600_000).toISOString() })
  const next = nextDay(numbered, { seed: 'bench-night' }).denmark
  return { units: numbered.units, before: filesOf(numbered, 1), files: filesOf(next, 2) }
}

/** The country as a register has it, parents first. */
export function toVersions(units: readonly SandboxUnit[]): NewVersion[] {
  const above = toParents(units)
  const owners = new Map<string | null, string>()
  return units.map((unit) => {
    const parentNummer = above(unit)
    const ejerformKode = unit.fields.ejerformKode ?? owners.get(parentNummer) ?? '1'
    owners.set(unit.nummer, ejerformKode)
    const { kind, fields, admKommuneKode, supplierId: actor } = unit
    return { ...aVersion(unit.nummer ?? '', { kind, parentNummer, admKommuneKode, ejerformKode, actor }), fields }
  })
}

/** The country as a Unilogin has it. */
export function toRecords(units: readonly SandboxUnit[]) {
  const above = toParents(units)
  return units.map((unit) =>
    toInstitutionRecord({
      nummer: unit.nummer ?? '',
      kind: unit.kind,
      fields: unit.fields,
      parentNummer: above(unit),
      admKommuneKode: unit.admKommuneKode,
    }),
  )
}

/** Lays files where their suppliers would, below a folder. */
export function layFiles(folder: string, files: readonly NightFile[]): void {
  for (const { id } of nightSuppliers) mkdirSync(join(folder, id, 'ud'), { recursive: true })
  for (const { supplierId, fileName, bytes } of files) writeFileSync(join(folder, supplierId, 'ud', fileName), bytes)
}

function toParents(units: readonly SandboxUnit[]): (unit: SandboxUnit) => string | null {
  const numbers = new Map(units.map((unit) => [unitKey(unit), unit.nummer]))
  return (unit) => numbers.get(parentKey(unit) ?? '') ?? null
}

/** Names with one space where the generator has two: validation would make them so, and the night begin with a change of each. */
function asValidated(fields: UnitFields): UnitFields {
  return fields.navn === undefined ? fields : { ...fields, navn: fields.navn.replace(/ +/g, ' ') }
}

function toNumber(n: number): string {
  return `${letters[Math.floor(n / 100_000)]}${String(n % 100_000).padStart(5, '0')}`
}
