import { jobs } from '../../jobs/index.ts'
import type { EdgeContext, RegisterContext } from '../../src/app/context.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { sweep } from '../../src/app/sweep.ts'
import type { DeltaState } from '../../src/domain/flow.ts'
import type { InstitutionRecord } from '../../src/domain/institution-record.ts'
import type { NewDelta } from '../../src/domain/link-deltas.ts'
import type { Cutoff } from '../../src/domain/next-cutoff.ts'
import { type JobRequest, jobIdOf, type StepResult } from '../../src/ports/jobs.ts'
import type { OpenUniloginList } from '../../src/ports/unilogin-list.ts'
import type { LoggedCall } from '../../src/sandbox/unilogin-server/call-log.ts'
import { aFile, aNight, aNightRun, someSettings } from './builders.ts'
import type { TestUnilogin } from './start-test-unilogin.ts'

const date = '2026-11-24'
const pushSide: ReadonlySet<string> = new Set([
  'agreements',
  'record-agreements',
  'dispatch',
  'push',
  'record-delivery',
  'confirm',
  'record-confirmation',
  'reconcile',
  'record-drift',
  'close-night',
])

/** The push side on a real register and a sandbox, without a queue: steps run one after another, in the order in which they are asked for. */
export interface PushLine {
  readonly ctx: RegisterContext & EdgeContext & { readonly clock: { turn(ms: number): void } }
  /** Runs a step and what follows from it at once; what is put off is kept in `later`. */
  run(request: JobRequest): Promise<void>
  /** Steps that were asked for at a later time, the newest last. */
  readonly later: JobRequest[]
  sweep(): Promise<StepResult>
  states(): Record<string, DeltaState>
  report(): ReturnType<typeof nightReport>
  /** Oldest first. */
  calls(): Promise<LoggedCall[]>
}

/** Opens a line on a register and its sandbox, which holds `institutions`; the deltas are of one applied file of a night that is open. */
export async function openPushLine(options: {
  readonly register: RegisterContext
  readonly unilogin: TestUnilogin
  readonly institutions: readonly InstitutionRecord[]
  readonly deltas: readonly NewDelta[]
  readonly cutoff?: Cutoff
  /** Of `unilogin`, and of the whole. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly tree?: Readonly<Record<string, unknown>>
  readonly openUniloginList?: OpenUniloginList
}): Promise<PushLine> {
  const { register: opened, unilogin, institutions, deltas, cutoff, settings, tree, openUniloginList } = options
  await unilogin.side(
    'PUT',
    '/institutions',
    institutions.map((record) => ({ record })),
  )
  const all = someSettings({ ...tree, unilogin: { baseUrl: unilogin.url, source: 'Prøve', ...settings } })
  const target = unilogin.connect({ clock: opened.clock, settings: { parallel: all.unilogin.parallel } })
  const ctx = { ...opened, settings: all, target, openUniloginList } as unknown as PushLine['ctx']
  ctx.register.write((tx) => {
    tx.nights.insert(aNightRun())
    tx.files.insert(aFile('f-1', { state: 'applied' }))
    const times = { preparedAt: aNight, deliveredAt: aNight }
    tx.files.putReceipt({ receiptId: 'r-1', fileId: 'f-1', type: 'received', inputSha256: '0', state: 'delivered', ...times })
    const due = { cutoffNavn: cutoff?.navn ?? null, cutoffAt: cutoff?.at ?? null }
    tx.outbox.insert(deltas, { fileId: 'f-1', planHash: 'p', date, ...due, createdAt: aNight })
  })
  const later: JobRequest[] = []
  const run = async (request: JobRequest): Promise<void> => {
    const queue = [request]
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (!pushSide.has(next.job)) continue
      const job = jobs[next.job] as unknown as { run(ctx: unknown, payload: unknown, signal: AbortSignal): Promise<StepResult> }
      const { next: following } = await job.run(ctx, next.payload, new AbortController().signal)
      for (const one of following) {
        if (one.delayMs !== undefined) later.push(one)
        else if (!queue.some((waiting) => jobIdOf(waiting) === jobIdOf(one))) queue.push(one)
      }
    }
  }
  return {
    ctx,
    run,
    later,
    sweep: () => sweep(ctx, { pendingIds: async () => new Set() }),
    states: () =>
      Object.fromEntries(ctx.register.read((tx) => tx.outbox.ofNight(date)).map(({ deltaId, state }) => [deltaId, state])),
    report: () => nightReport(ctx, date),
    calls: async () => {
      const { calls } = (await unilogin.side('GET', '/calls?limit=1000')) as { calls: LoggedCall[] }
      return calls.toReversed()
    },
  }
}
