import { statfsSync } from 'node:fs'
import type { Command } from 'commander'
import { sftpServers } from '../../config/export-server.ts'
import type { Settings } from '../../config/settings.ts'
import { type UpkeepState, upkeepReport } from '../app/upkeep-report.ts'
import { SyncError } from '../domain/errors.ts'
import { toWallTime } from '../domain/time.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** Clocks further apart than this put five-minute messages and cutoffs at risk. */
const worstClockMs = 60_000

/** What one check found. */
interface Check {
  readonly part: string
  readonly ok: boolean
  readonly seen: string
  /** What to do; empty when all is well. */
  readonly hint: string
}

/** Below this the register and the file store may not get through a night. */
const leastFreeBytes = 1_000_000_000

/** `dagtilbud doctor`: looks at every part the worker needs and says what to do. */
export function registerDoctor(cli: Command, parts: Parts): void {
  cli
    .command('doctor')
    .description('check every part: settings, disk, SQLite, Redis, each supplier, Unilogin, the clock')
    .option('--json', 'print the checks as JSON')
    .action(async (options: { json?: boolean }) => {
      const checks = await runChecks(parts)
      if (options.json) printJson(checks)
      else
        for (const { part, ok, seen, hint } of checks)
          print(`${ok ? 'ok  ' : 'FEJL'}  ${part.padEnd(22)} ${seen}${hint === '' ? '' : `\n      do: ${hint}`}`)
      if (checks.some((check) => !check.ok)) process.exitCode = 1
    })
}

async function runChecks(parts: Parts): Promise<Check[]> {
  let settings: Settings
  try {
    settings = parts.loadSettings({ log: { level: 'silent' } })
  } catch (error) {
    return [failed('indstillinger', error)]
  }
  const checks: Check[] = [{ part: 'indstillinger', ok: true, seen: `${settings.suppliers.length} leverandører`, hint: '' }]
  let upkeep: readonly UpkeepState[] = []
  checks.push(
    await check('register og SQLite', async () => {
      const { register, close } = await parts.openReading(settings)
      const { sqliteVersion, problems } = register.register.check()
      upkeep = register.register.read((tx) => upkeepReport(register, tx))
      await close()
      if (problems.length > 0)
        return { ok: false, seen: problems.join('; '), hint: 'stop the worker and restore the newest backup' }
      return `SQLite ${sqliteVersion}, ingen fejl fundet`
    }),
    ...upkeep.map(checkUpkeep),
    await check('disk', async () => {
      const { bavail, bsize } = statfsSync(settings.dataDir)
      const free = bavail * bsize
      const seen = `${Math.round(free / 1e9)} GB fri i ${settings.dataDir}`
      return free < leastFreeBytes ? { ok: false, seen, hint: 'make room, or move dataDir' } : seen
    }),
    await check('Redis', async () => {
      const program = await parts.openQueue(settings)
      const { version, policy } = program.redis
      const own = program.redis.private ? 'vores egen' : (settings.redis.url ?? '')
      await program.close()
      return `${version}, ${policy}, ${own.replace(/\/\/[^@/]*@/, '//')}`
    }),
  )
  const edge = await parts.openEdge(settings)
  for (const { id, host, port } of sftpServers(settings)) {
    checks.push(
      await check(`SFTP ${id}`, async () => {
        const session = await edge.inbox.open(id)
        const entries = await session.list()
        await session.close()
        return `${host}:${port}, nøgle og login godkendt, ${entries.length} filer`
      }),
    )
  }
  let aheadMs: number | null = null
  checks.push(
    await check('Unilogin', async () => {
      const { text, clockAheadMs } = await edge.target.hello()
      aheadMs = clockAheadMs
      return text
    }),
  )
  for (const [name, channel] of Object.entries(edge.channels))
    checks.push(await check(`besked ad ${name}`, () => channel.check()))
  await edge.close()
  checks.push(checkSigning(settings), checkClock(aheadMs))
  return checks
}

/** When the register was last proved and last backed up, and whether that went well. */
function checkUpkeep({ task, at, ok, isOld }: UpkeepState): Check {
  const when = at === null ? 'aldrig' : `sidst ${toWallTime(at).replace('T', ' ')}`
  const part = task === 'check' ? 'kontrol af registret' : 'sikkerhedskopi'
  if (ok && !isOld) return { part, ok: true, seen: at === null ? 'endnu ingen' : when, hint: '' }
  const hints = {
    check: ['stop the worker and restore the newest backup that was good', 'see why no night has been closed'],
    backup: ['see the missing or broken files with: dagtilbud backup', 'make room, then: dagtilbud backup'],
  } as const
  return { part, ok: false, seen: `${ok ? 'for gammel' : 'fandt fejl'}; ${when}`, hint: hints[task][ok ? 1 : 0] }
}

/** Unsigned messages are for trials: the real services turn them away, and nothing vouches for an answer but TLS. */
function checkSigning({ unilogin }: Settings): Check {
  const isSigned = unilogin.signing.certificateFile !== undefined
  return {
    part: 'signering',
    ok: true,
    seen: isSigned ? 'beskeder signeres, svar efterprøves' : 'ADVARSEL: beskeder signeres ikke, og svar efterprøves kun af TLS',
    hint: isSigned ? '' : 'set unilogin.signing and unilogin.trust before real data is sent; see docs/unilogin.md',
  }
}

/** Our clock beside the endpoint's: messages are good for five minutes, and cutoffs are kept by our clock. */
function checkClock(aheadMs: number | null): Check {
  const zone = new Intl.DateTimeFormat('da-DK', { timeZone: 'Europe/Copenhagen', dateStyle: 'short', timeStyle: 'medium' })
  const here = `${zone.format(new Date())} i København`
  if (aheadMs === null) return { part: 'ur', ok: true, seen: `${here}; Unilogin sagde intet om sit ur`, hint: '' }
  const seconds = Math.round(aheadMs / 1000)
  const seen = `${here}; ${Math.abs(seconds)} s ${seconds < 0 ? 'bag' : 'foran'} Unilogins ur`
  if (Math.abs(aheadMs) <= worstClockMs) return { part: 'ur', ok: true, seen, hint: '' }
  return {
    part: 'ur',
    ok: false,
    seen,
    hint: 'set this machine by NTP (timedatectl); messages are refused when the clocks differ too much',
  }
}

async function check(part: string, look: () => Promise<string | Omit<Check, 'part'>>): Promise<Check> {
  try {
    const seen = await look()
    return typeof seen === 'string' ? { part, ok: true, seen, hint: '' } : { part, ...seen }
  } catch (error) {
    return failed(part, error)
  }
}

function failed(part: string, error: unknown): Check {
  if (error instanceof SyncError) return { part, ok: false, seen: `${error.code}: ${error.message}`, hint: error.hint }
  return { part, ok: false, seen: error instanceof Error ? error.message : String(error), hint: 'see the message' }
}
