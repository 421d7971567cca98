import { statfsSync } from 'node:fs'
import type { Command } from 'commander'
import { sftpServers } from '../../config/export-server.ts'
import type { Settings } from '../../config/settings.ts'
import { type UpkeepState, upkeepReport } from '../app/upkeep-report.ts'
import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import { hintOf } from '../domain/error-words.ts'
import { SyncError } from '../domain/errors.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { toSecond } from '../domain/time.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { openToOthers } from './open-to-others.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'

/** Clocks further apart than this put five-minute messages and cutoffs at risk. */
const worstClockMs = 60_000

/** What one check found. */
interface Check {
  readonly part: BilingualText
  readonly ok: boolean
  readonly seen: BilingualText
  /** What to do; empty when all is well. */
  readonly hint: BilingualText
}

/** Below this the register and the file store may not get through a night. */
const leastFreeBytes = 1_000_000_000

/** `dagtilbud doctor`: looks at every part the worker needs and says what to do. */
export function registerDoctor(cli: Command, parts: Parts, screen: Screen): void {
  const { say, print, printJson } = screen
  cli
    .command('doctor')
    .description(
      say({
        da: 'se på hver del: indstillinger, disk, SQLite, Redis, hver leverandør, Unilogin, uret',
        en: 'check every part: settings, disk, SQLite, Redis, each supplier, Unilogin, the clock',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud doctor'))
    .action(async (options: { json?: boolean }) => {
      const checks = await runChecks(parts)
      if (options.json) printJson({ format: 'dagtilbud-doktor-1', checks })
      else print(lines(...checks.map((check) => renderCheck(check, screen))))
      if (checks.some((check) => !check.ok)) process.exitCode = exitCodes.no
    })
}

function renderCheck({ part, ok, seen, hint }: Check, { paint }: Screen): BilingualText {
  const mark = paint(ok ? 'good' : 'bad', ok ? same('ok   ') : { da: 'FEJL ', en: 'FAULT' })
  // Painted last: what colours a word has no width.
  const rest = paragraph(
    inBoth((say) => `      ${say(part).padEnd(22)} ${say(seen)}`),
    29,
  )
  const todo = paragraph({ da: `      gør: ${hint.da}`, en: `      do: ${hint.en}` }, 11)
  return inBoth((say) => `${say(mark)}${say(rest).slice(5)}${hint === nothing ? '' : `\n${say(todo)}`}`)
}

async function runChecks(parts: Parts): Promise<Check[]> {
  const settingsPart = { da: 'indstillinger', en: 'settings' }
  let settings: Settings
  try {
    settings = parts.loadSettings({ log: { level: 'silent' } })
  } catch (error) {
    return [failed(settingsPart, error)]
  }
  const { length } = settings.suppliers
  const checks: Check[] = [well(settingsPart, { da: `${length} leverandører`, en: `${length} suppliers` })]
  let upkeep: readonly UpkeepState[] = []
  checks.push(
    await check({ da: 'register og SQLite', en: 'register and SQLite' }, async () => {
      const { register, close } = await parts.openReading(settings)
      const { sqliteVersion, problems } = register.register.check()
      upkeep = register.register.read((tx) => upkeepReport(register, tx))
      await close()
      if (problems.length > 0) return { ok: false, seen: same(problems.join('; ')), hint: restoreNewest }
      return { da: `SQLite ${sqliteVersion}, ingen fejl fundet`, en: `SQLite ${sqliteVersion}, no fault found` }
    }),
    ...upkeep.map(checkUpkeep),
    await check(same('disk'), async () => {
      const { bavail, bsize } = statfsSync(settings.dataDir)
      const free = bavail * bsize
      const room = Math.round(free / 1e9)
      const seen = { da: `${room} GB fri i ${settings.dataDir}`, en: `${room} GB free in ${settings.dataDir}` }
      const hint = { da: 'gør plads, eller flyt dataDir', en: 'make room, or move dataDir' }
      return free < leastFreeBytes ? { ok: false, seen, hint } : seen
    }),
    checkRights(settings),
    await check(same('Redis'), async () => {
      const program = await parts.openQueue(settings)
      const { version, policy } = program.redis
      const own = settings.redis.url === undefined ? { da: 'vores egen', en: 'our own' } : same(new URL(settings.redis.url).host)
      await program.close()
      return inBoth((say) => `${version}, ${policy}, ${say(own)}`)
    }),
  )
  const edge = await parts.openEdge(settings)
  for (const { id, host, port } of sftpServers(settings)) {
    checks.push(
      await check(same(`SFTP ${id}`), async () => {
        const session = await edge.inbox.open(id)
        const entries = await session.list()
        await session.close()
        return {
          da: `${host}:${port}, nøgle og login godkendt, ${entries.length} filer`,
          en: `${host}:${port}, host key and login hold, ${entries.length} files`,
        }
      }),
    )
  }
  let aheadMs: number | null = null
  checks.push(
    await check(same('Unilogin'), async () => {
      const { text, clockAheadMs } = await edge.target.hello()
      aheadMs = clockAheadMs
      return same(text)
    }),
  )
  for (const [name, channel] of Object.entries(edge.channels))
    checks.push(await check({ da: `besked ad ${name}`, en: `message by ${name}` }, async () => same(await channel.check())))
  await edge.close()
  checks.push(checkSigning(settings), checkClock(aheadMs))
  return checks
}

const restoreNewest = {
  da: 'stop workeren, og læg den nyeste sikkerhedskopi tilbage',
  en: 'stop the worker and restore the newest backup',
}

const upkeepHints = {
  check: {
    bad: {
      da: 'stop workeren, og læg den nyeste sikkerhedskopi, der var god, tilbage',
      en: 'stop the worker and restore the newest backup that was good',
    },
    old: { da: 'se, hvorfor ingen nat er lukket', en: 'see why no night has been closed' },
  },
  backup: {
    bad: {
      da: 'se de filer, der mangler eller er ødelagt, med: dagtilbud backup',
      en: 'see the missing or broken files with: dagtilbud backup',
    },
    old: { da: 'gør plads, og kør: dagtilbud backup', en: 'make room, then: dagtilbud backup' },
  },
} as const

/** When the register was last proved and last backed up, and whether that went well. */
function checkUpkeep({ task, at, ok, isOld }: UpkeepState): Check {
  const part =
    task === 'check' ? { da: 'kontrol af registret', en: 'check of the register' } : { da: 'sikkerhedskopi', en: 'backup' }
  const when = at === null ? { da: 'aldrig', en: 'never' } : { da: `sidst ${toSecond(at)}`, en: `last ${toSecond(at)}` }
  if (ok && !isOld) return well(part, at === null ? { da: 'endnu ingen', en: 'none yet' } : when)
  const what = ok ? { da: 'for gammel', en: 'too old' } : { da: 'fandt fejl', en: 'found faults' }
  return { part, ok: false, seen: inBoth((say) => `${say(what)}; ${say(when)}`), hint: upkeepHints[task][ok ? 'old' : 'bad'] }
}

/** Secrets that others read are none, and a register that others change proves nothing. */
function checkRights(settings: Settings): Check {
  const part = { da: 'rettigheder', en: 'permissions' }
  const open = openToOthers(settings)
  if (open.length === 0) return well(part, { da: 'data og hemmeligheder er vores alene', en: 'data and secrets are ours alone' })
  return {
    part,
    ok: false,
    seen: {
      da: `andre på maskinen har adgang: ${open.join(', ')}`,
      en: `others on this machine have access: ${open.join(', ')}`,
    },
    hint: {
      da: 'chmod go-rwx, eller 0640 for en fil, som root ejer',
      en: 'chmod go-rwx, or 0640 for a file that root owns',
    },
  }
}

/** Unsigned messages are for trials: the real services turn them away, and nothing vouches for an answer but TLS. */
function checkSigning({ unilogin }: Settings): Check {
  const part = { da: 'signering', en: 'signing' }
  if (unilogin.signing.certificateFile !== undefined)
    return well(part, { da: 'beskeder signeres, svar efterprøves', en: 'messages are signed, answers verified' })
  return {
    part,
    ok: true,
    seen: {
      da: 'ADVARSEL: beskeder signeres ikke, og svar efterprøves kun af TLS',
      en: 'WARNING: messages are not signed, and answers are vouched for by TLS only',
    },
    hint: {
      da: 'sæt unilogin.signing og unilogin.trust, før rigtige data sendes; se docs/unilogin.md',
      en: 'set unilogin.signing and unilogin.trust before real data is sent; see docs/unilogin.md',
    },
  }
}

/** Our clock beside the endpoint's: messages are good for five minutes, and cutoffs are kept by our clock. */
function checkClock(aheadMs: number | null): Check {
  const part = { da: 'ur', en: 'clock' }
  const now = toSecond(Date.now())
  if (aheadMs === null)
    return well(part, {
      da: `${now} i København; Unilogin sagde intet om sit ur`,
      en: `${now} in Copenhagen; Unilogin said nothing of its clock`,
    })
  const seconds = Math.round(aheadMs / 1000)
  const seen = {
    da: `${now} i København; ${Math.abs(seconds)} s ${seconds < 0 ? 'bag' : 'foran'} Unilogins ur`,
    en: `${now} in Copenhagen; ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} Unilogin's clock`,
  }
  if (Math.abs(aheadMs) <= worstClockMs) return well(part, seen)
  return {
    part,
    ok: false,
    seen,
    hint: {
      da: 'stil denne maskine efter NTP (timedatectl); beskeder afvises, når urene er for langt fra hinanden',
      en: 'set this machine by NTP (timedatectl); messages are refused when the clocks differ too much',
    },
  }
}

function well(part: BilingualText, seen: BilingualText): Check {
  return { part, ok: true, seen, hint: nothing }
}

async function check(part: BilingualText, look: () => Promise<BilingualText | Omit<Check, 'part'>>): Promise<Check> {
  try {
    const seen = await look()
    return 'ok' in seen ? { part, ...seen } : well(part, seen)
  } catch (error) {
    return failed(part, error)
  }
}

function failed(part: BilingualText, error: unknown): Check {
  if (error instanceof SyncError) {
    const { code, message, hint } = error
    return { part, ok: false, seen: same(`${code}: ${message}`), hint: hintOf(code, hint) }
  }
  const seen = same(error instanceof Error ? error.message : String(error))
  return { part, ok: false, seen, hint: { da: 'se meddelelsen', en: 'see the message' } }
}
