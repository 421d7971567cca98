// Nights of a small Denmark on which things go wrong, and what is promised to hold whatever goes wrong. See docs/chaos.md.
// Usage: npm run chaos [-- --national] [names of faults]. CHAOS_SEED and CHAOS_ROUNDS say which nights and how many.
import { argv, env, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { kommuner as allKommuner } from '../../src/domain/kommuner.ts'
import { toBusinessDate } from '../../src/domain/time.ts'
import { setup as buildPrograms } from '../kit/build-once.ts'
import { clockNights } from './faults/clock-nights.ts'
import { diskFaults } from './faults/disk-faults.ts'
import { kills } from './faults/kills.ts'
import { redisFaults } from './faults/redis-faults.ts'
import { servers } from './faults/servers.ts'
import { standstills } from './faults/standstills.ts'
import { type Country, type Fault, type Ordeal, prepareCountry } from './ordeal.ts'

/** Small municipalities of different systems. */
const few = ['482', '741', '825', '563']
const faults: readonly Fault[] = [...kills, ...redisFaults, ...diskFaults, ...standstills, ...clockNights, ...servers]

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  options: { national: { type: 'boolean' } },
  allowPositionals: true,
})
const seed = env['CHAOS_SEED'] ?? '1'
const rounds = Number(env['CHAOS_ROUNDS'] ?? 1)
const unknown = positionals.filter((name) => !faults.some((fault) => fault.name === name))
if (unknown.length > 0) {
  stderr.write(`no fault is called ${unknown.join(', ')}; there are: ${faults.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const chosen = faults.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

await buildPrograms()
let country: Country | undefined
const ordeals: Ordeal[] = []
const left: string[] = []
for (const fault of chosen) {
  const why = fault.missing?.() ?? null
  if (why !== null) left.push(`${fault.name}: ${why}`)
  for (let i = 0; why === null && i < fault.nights * rounds; i++) {
    country = await countryOfToday(country)
    const ordeal = await country.live(fault, `${seed}/${i}`)
    ordeals.push(ordeal)
    stderr.write(`${inShort(ordeal)}\n`)
    if (ordeal.broken.length > 0) {
      stderr.write(`\nBroken:\n  ${ordeal.broken.slice(0, 40).join('\n  ')}\nStruck: ${ordeal.struck.join('; ')}\n`)
      stderr.write(`Kept: ${ordeal.dir}\nAgain: CHAOS_SEED=${seed} npm run chaos -- '${fault.name}'\n`)
      process.exit(1)
    }
  }
}
await country?.close()
stdout.write(table(chosen.map(({ name }) => name)))
for (const line of left) stdout.write(`not tried  ${line}\n`)

/** The night has today's date, since a worker that starts takes up today's. */
async function countryOfToday(before: Country | undefined): Promise<Country> {
  const date = toBusinessDate(Date.now())
  if (before?.date === date) return before
  await before?.close()
  return prepareCountry({ seed, date, kommuner: values.national ? [...allKommuner.keys()] : few })
}

function inShort({ fault, seed, struck, broken, seconds }: Ordeal): string {
  return `${broken.length === 0 ? 'held  ' : 'BROKEN'}  ${fault}  seed ${seed}  ${struck.length} struck  ${seconds.toFixed(1)} s`
}

function table(names: readonly string[]): string {
  const rows = names.map((name) => {
    const own = ordeals.filter(({ fault }) => fault === name)
    const sum = (of: (ordeal: Ordeal) => number) => own.reduce((total, ordeal) => total + of(ordeal), 0)
    return [name, own.length, sum(({ struck }) => struck.length), sum(({ seconds }) => seconds).toFixed(0)]
  })
  return [['fault', 'nights', 'struck', 'seconds'], ...rows]
    .map(([name, ...figures]) => `${String(name).padEnd(34)}${figures.map((figure) => String(figure).padStart(9)).join('')}\n`)
    .join('')
}
