import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { NightReport } from '../../src/app/night-report.ts'
import { toBusinessDate } from '../../src/domain/time.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { buildNightFiles } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { builtProgram } from '../kit/build-once.ts'
import { type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

const program = builtProgram.dagtilbud
const kommuner = ['492']
/** Fires at midnight, so that at any time of day tonight's start lies behind us. */
const atMidnight = '0 0 * * *'

let world: SmallWorld | undefined
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await world?.close()
  world = undefined
})

describe('dagtilbud start', () => {
  it('catches up a missed night, serves its report, and runs it once however often it is started', async () => {
    world = await startSmallWorld({ kommuner })
    world.drop(
      buildNightFiles(createDenmark({ seed: 's', kommuner }), sandboxSuppliers, {
        loebenummer: 1,
        dannet: '2026-11-22T20:00:00Z',
      }),
    )
    const today = toBusinessDate(Date.now())

    const first = start(world)
    const report = await whenClosed(await first.consoleUrl, today)
    expect(report).toMatchObject({ complete: true, trigger: 'catch-up', starts: 1, files: { delivered: 2 } })
    expect(await first.stop()).toBe(0)

    const second = start(world)
    expect(await whenClosed(await second.consoleUrl, today)).toMatchObject({ starts: 1, files: { received: 2, repeated: 0 } })
    const [health, ready] = await Promise.all(
      ['healthz', 'readyz'].map(async (path) => fetch(`${await second.consoleUrl}/${path}`)),
    )
    expect([health?.status, ready?.status]).toEqual([200, 200])
    expect(await second.stop()).toBe(0)
  })

  it('refuses to start on a wrong setting, and names it, its value and what is allowed', async () => {
    const child = spawn(process.execPath, [program, 'start'], {
      env: { ...process.env, DAGTILBUD_NIGHT_CRON: '30 2 * * *', DAGTILBUD_UNILOGIN_BASE_URL: 'http://localhost' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })

    const [code] = await once(child, 'close')

    expect(code).toBe(2)
    expect(stderr).toContain('CONFIG_SETTING_INVALID')
    expect(stderr).toMatch(/night\.cron is "30 2 \* \* \*"; .*never fires between 02:00 and 03:00.*DAGTILBUD_NIGHT_CRON/)
    expect(stderr).toMatch(/unilogin\.baseUrl is "http:\/\/localhost".*DAGTILBUD_UNILOGIN_BASE_URL/)
  })
})

interface Started {
  readonly consoleUrl: Promise<string>
  stop(): Promise<number | null>
}

/** Starts the real program on the world's settings; its log tells where the console is. */
function start({ denmark, settings, dir }: SmallWorld): Started {
  const env = {
    ...process.env,
    DAGTILBUD_CONFIG: denmark.configFile,
    DAGTILBUD_DATA_DIR: String(settings['dataDir']),
    DAGTILBUD_NIGHT_CRON: atMidnight,
    DAGTILBUD_NIGHT_FILES_UNTIL: '00:00',
    DAGTILBUD_NIGHT_SETTLE_MS: '20',
    DAGTILBUD_CONSOLE_PORT: '0',
  }
  const child = spawn(process.execPath, [program, 'start'], { env, cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  let log = ''
  const consoleUrl = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString()
      const url = /"console":"([^"]+)"/.exec(log)?.[1]
      if (url !== undefined) resolve(url)
    })
  })
  return {
    consoleUrl,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      return code
    },
  }
}

async function whenClosed(consoleUrl: string, date: string): Promise<NightReport> {
  return vi.waitFor(
    async () => {
      const report = (await (await fetch(`${consoleUrl}/nights/${date}`)).json()) as NightReport
      expect(report.state).toBe('closed')
      return report
    },
    { timeout: 20_000, interval: 50 },
  )
}
