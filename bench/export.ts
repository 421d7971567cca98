// Units a second and peak memory of a full export, beside the sqlite3 command writing the same rows as CSV.
// Usage: npm run bench:export [-- 100000 400000]. Prints one line of JSON and a short table.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegister } from '../src/adapters/sqlite/open-register.ts'
import type { UnitFields } from '../src/domain/unit.ts'
import type { NewVersion } from '../src/ports/register/units.ts'

interface Measure {
  readonly tool: string
  readonly units: number
  /** Wall time of the work: inside the process for ours, of the whole process for the other. */
  readonly ms: number
  readonly unitsPerSecond: number
  readonly peakRssMb: number
}

const root = new URL('../', import.meta.url).pathname
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [20_000, 200_000]
const folder = mkdtempSync(join(tmpdir(), 'bench-export-'))
const times = 3

// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const measures: Measure[] = []
try {
  for (const units of sizes) {
    const path = join(folder, `${units}.sqlite`)
    const register = openRegister(path)
    register.write((tx) => tx.units.write(versionsOf(units)))
    register.close()
    for (const format of ['csv', 'json']) measures.push(best(() => ours(format, path, units)))
    measures.push(best(() => sqlite3(path, units)))
  }
} finally {
  rmSync(folder, { recursive: true })
}
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'export', machine, measures })}\n`)
for (const { tool, units, ms, unitsPerSecond, peakRssMb } of measures) {
  process.stdout.write(
    `${String(units).padStart(9)}  ${tool.padEnd(22)} ${String(ms).padStart(6)} ms ${String(unitsPerSecond).padStart(9)}/s ${String(peakRssMb).padStart(5)} MB\n`,
  )
}

function ours(format: string, path: string, units: number): Measure {
  const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'bench/export-one.js'), path, format], { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  const seen = JSON.parse(stdout) as { units: number; ms: number; rssMb: number }
  if (seen.units !== units) throw new Error(`${seen.units} of ${units} units were exported`)
  return toMeasure(`export ${format}`, units, seen.ms, seen.rssMb)
}

/** The same rows and columns in the same order, without their labels; under GNU time, which tells its peak memory. */
function sqlite3(path: string, units: number): Measure {
  const query = `select kind, nummer, parent_nummer, navn, status, root_ejerform_kode, inst_type3, root_adm_kommune_kode, kommune_kode,
    vej_navn, hus_nummer, post_nummer, by_navn, supplerende_bynavn, geo_bredde, geo_laengde, email, telefon_nummer, cvr_nummer,
    lovgrundlag_kode, p_nummer, dawa_id, valid_from, etage, doer
    from unit_version where valid_to is null and recorded_to is null order by kind = 'alternativAdresse', kind = 'anvisningsenhed', nummer`
  const start = performance.now()
  const command = ['-f', 'peak %M', 'sqlite3', '-csv', path, `.once ${join(folder, 'out.csv')}`, query]
  const { stderr, status } = spawnSync('/usr/bin/time', command, { encoding: 'utf8' })
  const ms = Math.round(performance.now() - start)
  if (status !== 0) throw new Error(`sqlite3 failed: ${stderr.slice(-500)}`)
  return toMeasure('sqlite3 -csv', units, ms, Math.round(Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024))
}

function toMeasure(tool: string, units: number, ms: number, peakRssMb: number): Measure {
  return { tool, units, ms, unitsPerSecond: Math.round((units / ms) * 1000), peakRssMb }
}

function best(run: () => Measure): Measure {
  return Array.from({ length: times }, run).reduce((a, b) => (b.ms < a.ms ? b : a))
}

/** Families of a daginstitution, two units and an alternativ adresse. */
function versionsOf(units: number): NewVersion[] {
  return Array.from({ length: units }, (_, i): NewVersion => {
    const family = i - (i % 4)
    const told = { status: 'aktiv', ekstra: {}, admKommuneKode: '101', ejerformKode: '1', actor: 'bench', date: null } as const
    const where = { nummer: nummerOf(i), fileId: null, line: i + 2, planHash: null, validFrom: 1e12, recordedFrom: 1e12 }
    const place = placeOf(i)
    switch (i % 4) {
      case 0:
        return {
          ...told,
          ...where,
          kind: 'daginstitution',
          parentNummer: null,
          fields: { navn: `Klyngen Æblevangen ${i}`, ejerformKode: '1', lovgrundlagKode: 'DTL19.2', admKommuneKode: '101' },
        }
      case 3:
        return {
          ...told,
          ...where,
          kind: 'alternativAdresse',
          parentNummer: nummerOf(family + 1),
          fields: { navn: `Skovgruppen ${i}`, ...place },
        }
      default:
        return {
          ...told,
          ...where,
          kind: 'anvisningsenhed',
          parentNummer: nummerOf(family),
          fields: {
            navn: `Børnehuset Søstjernen ${i}`,
            instType3: '6012',
            ...place,
            email: `enhed${i}@dagtilbud.example`,
            telefonNummer: '12345678',
            cvrNummer: '64942212',
            pNummer: '1090000000',
          },
        }
    }
  })
}

function nummerOf(i: number): string {
  return `${String.fromCharCode(65 + Math.floor(i / 100_000))}${String(i % 100_000).padStart(5, '0')}`
}

function placeOf(i: number): UnitFields {
  return {
    vejNavn: `Ærtevænget ${i % 500}`,
    husNummer: String(1 + (i % 199)),
    postNummer: '2100',
    byNavn: 'København Ø',
    kommuneKode: '101',
    geoBredde: '55.71234567',
    geoLaengde: '12.51234567',
    dawaId: `0a3f507a-93e7-32b8-e044-${String(i).padStart(12, '0')}`,
  }
}
