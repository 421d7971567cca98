import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import type { JobQueue, JobRequest } from '../../src/ports/jobs.ts'
import { startScheduler } from '../../src/worker/start-scheduler.ts'
import { aClock, aFolder, aNightRun, silentLog, someSettings } from '../kit/builders.ts'

afterEach(() => void vi.useRealTimers())

it('asks for a night that is due with every sweep until there is one, however often its job is lost', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T01:15:00Z') })
  const register = openRegister(join(aFolder(), 'register.sqlite'))
  const asked: JobRequest[] = []
  const queue = { add: async (requests: readonly JobRequest[]) => void asked.push(...requests) } as JobQueue
  const settings = someSettings({ night: { cron: '30 0 * * *', sweepEveryMs: 1_000 } })
  const scheduler = await startScheduler({ settings, clock: aClock(), log: silentLog, register, queue })
  onTestFinished(async () => {
    await scheduler.stop()
    register.close()
  })
  const [first] = asked

  await vi.advanceTimersByTimeAsync(2_000)
  register.write((tx) => tx.nights.insert(aNightRun()))
  await vi.advanceTimersByTimeAsync(2_000)

  expect(first).toMatchObject({ job: 'open-night', payload: { date: '2026-11-24', trigger: 'catch-up' } })
  expect(asked).toEqual([first, first, first])
})
