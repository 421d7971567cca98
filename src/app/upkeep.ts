import type { Backups } from '../ports/backups.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { UpkeepTask } from '../ports/register/upkeep.ts'
import type { RegisterTx } from '../ports/register.ts'
import { backUp } from './back-up.ts'
import { checkRegister } from './check-register.ts'
import type { RegisterContext } from './context.ts'
import { prepareDrop } from './drop-export.ts'
import { removeExpired } from './retention.ts'

/** One task that is asked for. */
export type UpkeepRequest = Extract<JobRequest, { job: 'upkeep' }>

/** What is due once a night is closed and has not been done since; in this order. */
export function dueUpkeep(ctx: RegisterContext, tx: RegisterTx): UpkeepRequest[] {
  const night = tx.nights.latest()
  if (night === null || night.closedAt === null || night.state !== 'closed') return []
  const { date, closedAt } = night
  return nightlyTasks(ctx)
    .filter((task) => (tx.upkeep.lastRun(task)?.at ?? 0) < closedAt)
    .map((task) => ({ job: 'upkeep', payload: { date, task } }))
}

function nightlyTasks({ settings }: RegisterContext): UpkeepTask[] {
  const { backup, retention } = settings
  const removes = retention.filesDays !== undefined || retention.receiptsDays !== undefined
  const asked = { check: true, backup: backup.nightly, retention: removes, export: settings.export.sftp !== undefined }
  return (Object.keys(asked) as UpkeepTask[]).filter((task) => asked[task])
}

/** One task of a night's upkeep. */
export async function doUpkeep(
  ctx: RegisterContext & { readonly backups: Backups },
  { date, task }: JobPayloads['upkeep'],
  signal: AbortSignal,
): Promise<StepResult> {
  switch (task) {
    case 'check': {
      const { ok, problems } = await checkRegister(ctx)
      if (!ok) ctx.log.error({ problems: problems.length, first: problems[0] ?? '' }, 'the register is not sound')
      return { outcome: ok ? 'sound' : 'not sound', next: [] }
    }
    case 'backup': {
      const { ok, manifest, added } = await backUp(ctx, ctx.backups, signal)
      if (!ok) ctx.log.error({ name: manifest.name }, 'the backup lacks something')
      return { outcome: ok ? 'backed up' : 'backed up with faults', next: [], facts: { name: manifest.name, added } }
    }
    case 'retention': {
      const { outcome, removed, sizeBytes } = await removeExpired(ctx)
      return { outcome, next: [], facts: { removed, sizeBytes } }
    }
    case 'export':
      return prepareDrop(ctx, date)
  }
}
