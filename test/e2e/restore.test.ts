import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegisterFile } from '../../src/adapters/sqlite/open-register-file.ts'
import { backUp } from '../../src/app/back-up.ts'
import { planRestore, restore } from '../../src/app/restore.ts'
import { parts } from '../../src/main/parts.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles } from '../../src/sandbox/generator/night-files.ts'
import { privateChannelId, sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { outcomeOf, type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

const kommuner = ['482']
const seed = 'k5'
const [firstNight, secondNight] = ['2026-11-22', '2026-11-23'] as const
const systems = sandboxSuppliers.filter(({ id }) => id !== privateChannelId)
const day1 = createDenmark({ seed, kommuner })
const { denmark: day2, story } = nextDay(day1, { seed })
const files1 = buildNightFiles(day1, systems, { loebenummer: 1, dannet: `${firstNight}T20:00:00Z` })
const files2 = buildNightFiles(day2, systems, { loebenummer: 2, dannet: `${secondNight}T20:00:00Z`, leftOut: leftOutOf(story) })

let world: SmallWorld
let name = ''
let folder = ''
let atBackup: ReturnType<typeof outcomeOf>
let beforeLoss: ReturnType<typeof outcomeOf>

/** What the register has given out and told, whatever units hold it. */
function highest(): { numbers: number; position: number; clocks: Map<string, string> } {
  const register = new Database(join(world.dir, 'data/register.sqlite'), { readonly: true })
  const counter = (counterName: string) =>
    register.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(counterName) as number
  const clocks = register.prepare('SELECT nummer, last_allocated FROM source_clock').raw().all() as [string, string][]
  const result = { numbers: counter('institutionsnummer.G'), position: counter('unit-position'), clocks: new Map(clocks) }
  register.close()
  return result
}

const restoreContext = async () => parts.openRestore(parts.loadSettings(world.settings), folder)

/** A night, a backup, and a night that is then lost. */
beforeAll(async () => {
  world = await startSmallWorld({ kommuner })
  folder = join(world.dir, 'data/backups')
  world.drop(files1)
  expect(await world.runNight(firstNight)).toMatchObject({ complete: true })
  await world.withProgram(async (program) => {
    const { manifest, ok } = await backUp(program.register, parts.openBackups(program.settings))
    expect(ok).toBe(true)
    name = manifest.name
  })
  atBackup = outcomeOf(world)
  world.drop(files2)
  expect(await world.runNight(secondNight)).toMatchObject({ complete: true })
  beforeLoss = outcomeOf(world)
})
afterAll(() => world.close())

describe('a backup that is restored', () => {
  it('is refused while a process has the register open, and changes nothing', async () => {
    await world.withProgram(async () => {
      const registerFile = openRegisterFile(join(world.dir, 'data/register.sqlite'), 0)
      const impatient = { ...(await restoreContext()), registerFile }
      await expect(restore(impatient, name)).rejects.toMatchObject({ code: 'REGISTER_IN_USE' })
    })

    expect(outcomeOf(world)).toEqual(beforeLoss)
  })

  it('says beforehand what is lost', async () => {
    const plan = await planRestore(await restoreContext(), name)

    expect(plan).toMatchObject({
      manifest: { name, night: { date: firstNight } },
      unreadable: null,
      lost: { nights: [secondNight] },
    })
    expect(plan.lost.ledgerEntries).toBeGreaterThan(0)
    expect(plan.lost.numbers.length).toBeGreaterThan(0)
    expect(plan.floor.numbers).toEqual({ G: highest().numbers })
    expect(outcomeOf(world)).toEqual(beforeLoss)
  })

  it('is the register of that night again, but gives out nothing twice; the lost files sent again bring back what was lost', async () => {
    const lost = highest()

    const { keptAt } = await restore(await restoreContext(), name)
    await parts.clearQueue(parts.loadSettings(world.settings))

    expect(outcomeOf(world).register).toEqual(atBackup.register)
    expect(outcomeOf(world).deltas).toEqual(atBackup.deltas)
    expect(highest()).toEqual(lost)
    const replaced = new Database(keptAt ?? '', { readonly: true })
    expect(replaced.prepare('SELECT max(date) FROM night_run').pluck().get()).toBe(secondNight)
    replaced.close()
    expect(readdirSync(join(world.dir, 'data')).filter((file) => file.includes('restoring'))).toEqual([])
    await world.withProgram(async ({ register }) => {
      expect(register.register.check().problems).toEqual([])
      expect(register.register.read((tx) => tx.ledger.of('restore').filter(({ type }) => type === 'upkeep'))).toMatchObject([
        { facts: { backup: name, nights: [secondNight], floor: { numbers: { G: lost.numbers } } } },
      ])
    })

    world.drop(files2)
    const report = await world.runNight(secondNight)
    expect(report.actions).toEqual([])
    const after = outcomeOf(world)
    expect(after.register).toEqual(beforeLoss.register)
    expect(after.files).toEqual(beforeLoss.files)
    expect(highest().numbers).toBeGreaterThan(lost.numbers)
    for (const [nummer, stamp] of highest().clocks) expect(stamp >= (lost.clocks.get(nummer) ?? '')).toBe(true)

    const { verify, close } = await parts.openProof(parts.loadSettings(world.settings), () => undefined)
    const proof = await verify()
    close()
    expect(proof).toMatchObject({ breaks: [], replayedTo: proof?.ledger.entries })
    expect(proof?.notes.map(({ da }) => da).join()).toContain(`lagt tilbage fra backuppen ${name}`)
  })
})
