import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { addDays, type BusinessDate, fromWallTime, toBusinessDate } from '../../../src/domain/time.ts'
import type { Fault, Night } from '../ordeal.ts'
import { serveRedis } from '../serve-redis.ts'

const minuteMs = 60_000
/** What stands between the system's clock and the one that a world's servers go by. */
const turned = { ms: 0 }
const clock = { now: () => Date.now() + turned.ms }

/** The night is due at five minutes to two. */
const changeNight = { cron: '55 1 * * *', filesUntil: '23:59', settleMs: 20, lookEveryMs: 200, sweepEveryMs: 1_000 }

/** Within the year that the servers' certificates are good for. */
const today = toBusinessDate(Date.now())
const someDay = addDays(today, 30)
const changes = [nextChange('03'), nextChange('10')]

/** Nights by a clock of their own: both clock changes, which worker and servers see alike, and a worker whose clock is wrong now and then. */
export const clockNights: readonly Fault[] = [
  ...changes.map(
    (date): Fault => ({
      name: `clock change in ${date.slice(5, 7) === '03' ? 'March' : 'October'}`,
      nights: 1,
      date,
      clock,
      missing: needsFaketime,
      settings: { night: changeNight },
      // From five minutes to two until after three, whichever way the clock is changed.
      strike: (night) => byTurns(night, fromWallTime(date, '01:54') + 50_000, Array(12).fill(11 * minuteMs)),
    }),
  ),
  {
    name: 'clock set back and forth',
    nights: 2,
    date: someDay,
    clock,
    missing: needsFaketime,
    strike: (night, random) => {
      const wrong = Array.from({ length: 5 }, () => random.between(-50, 50) * minuteMs)
      return byTurns(
        night,
        fromWallTime(someDay, '12:00'),
        wrong.flatMap((ms) => [ms, -ms]),
        'worker',
      )
    },
  },
]

/** The next last Sunday of March or October, when the clock is changed. */
function nextChange(month: '03' | '10'): BusinessDate {
  const days = Array.from({ length: 366 }, (_, i) => addDays(today, i + 1))
  const isSunday = (date: BusinessDate) => new Date(`${date}T12:00:00Z`).getUTCDay() === 0
  return days.find((date) => date.slice(5, 7) === month && Number(date.slice(8)) > 24 && isSunday(date)) ?? today
}

/** Begins at a moment and turns the clock of all, or of the worker only, once every few lines of the log; exactly one night must come of it. */
async function byTurns(
  night: Night,
  beginAt: number,
  turns: readonly number[],
  whose: 'all' | 'worker' = 'all',
): Promise<string[]> {
  const file = join(night.world.dir, 'clock')
  const beginMs = beginAt - Date.now()
  let workerMs = beginMs
  const turn = (ms: number) => {
    workerMs += ms
    turned.ms = whose === 'all' ? workerMs : beginMs
    writeFileSync(file, `${workerMs < 0 ? '' : '+'}${workerMs / 1_000}\n`)
  }
  turn(0)
  night.afterwards(() => {
    turned.ms = 0
  })
  // libfaketime does not go with Redis, so its server goes by the system's clock.
  const redis = await serveRedis(night, 'redis-server')
  const worker = night.worker('worker', {
    env: {
      DAGTILBUD_REDIS_URL: redis.url,
      LD_PRELOAD: libfaketime() ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  })
  worker.start()
  for (const [i, ms] of turns.entries()) {
    await worker.untilLine(12 + i * Math.ceil(night.lines / turns.length))
    turn(ms)
  }
  await night.untilClosed(worker)
  const register = new Database(join(night.world.dir, 'data/register.sqlite'), { readonly: true })
  const begun = register.prepare('SELECT date, starts FROM night_run WHERE date >= ?').all(night.date)
  register.close()
  if (JSON.stringify(begun) !== JSON.stringify([{ date: night.date, starts: 1 }]))
    throw new Error(`not one night: ${JSON.stringify(begun)}`)
  return turns.map((ms) => `${ms / minuteMs} min`)
}

function needsFaketime(): string | null {
  return libfaketime() === null ? 'libfaketime is not installed (Debian: faketime)' : null
}

function libfaketime(): string | null {
  const found = existsSync('/usr/lib')
    ? readdirSync('/usr/lib').flatMap((name) => [join('/usr/lib', name, 'faketime/libfaketimeMT.so.1')])
    : []
  return found.find((path) => existsSync(path)) ?? null
}
