import type { BilingualText } from '../domain/bilingual-text.ts'
import { wholeFile } from '../domain/finding.ts'
import { allows, type Role } from '../domain/roles.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { JobFailure, RegisterTx } from '../ports/register.ts'
import type { OperatorContext } from './context.ts'
import { endHoldsOf } from './end-holds.ts'
import { payloadOf } from './failure-payload.ts'
import { findOpenFailure, refusal } from './open-failure.ts'
import { closeNight, nextPlans } from './record-validation.ts'
import { runStep } from './run-step.ts'
import { whyNotRequeue } from './why-not-requeue.ts'

/** Who gives a file up, in what role, and why. */
export interface Dismissal {
  readonly jobId: string
  readonly by: string
  readonly role: Role
  readonly reason: string
}

/** Jobs that a file depends on before anything of it stands in the register. */
const jobsOfFile: ReadonlySet<string> = new Set(['validate', 'record-validation', 'plan', 'apply'])
const unapplied: ReadonlySet<string> = new Set(['stored', 'validated', 'planned'])
/** The finding that a file given up has; ours, as the rule table says. */
const findingCode = 'FIL-37'

/**
 * Gives up a file that can never be processed: the file is rejected, its supplier is told by the receipt, and the night may
 * end without it. Only for what may not run again; anything else is re-queued.
 * @returns the file's id
 * @throws JOB_NOT_DISMISSABLE
 */
export async function dismissJob(ctx: OperatorContext, said: Dismissal): Promise<string> {
  const { jobId, by, role, reason } = said
  if (by.trim() === '' || reason.trim() === '')
    throw refusal('dismissing', jobId, 'without a name or without a reason', 'give both: --by and --reason')
  if (!allows([role], 'betjene'))
    throw refusal('dismissing', jobId, `in the role "${role}", which may not`, 'it takes the role betjene or admin')
  const failure = ctx.register.read((tx) => findOpenFailure(tx, 'dismissing', jobId))
  const why = whyNotDismiss(ctx, failure, await whyNotRequeue(ctx, failure))
  if (why !== null) throw refusal('dismissing', jobId, `which is not done. ${why.en}`)
  return noteDismissal(ctx, said)
}

/** Why a failed job is not dismissed; null when it may be. @param whyNotRunAgain What keeps it from being re-queued; null when nothing does. */
export function whyNotDismiss(
  ctx: Pick<OperatorContext, 'register'>,
  failure: JobFailure,
  whyNotRunAgain: BilingualText | null,
): BilingualText | null {
  const file = ctx.register.read((tx) => fileOf(tx, failure))
  if (file === null)
    return {
      da: 'Kun et job om en fil kan opgives.',
      en: 'Only a job about a file can be dismissed.',
    }
  if (!unapplied.has(file.state))
    return {
      da: 'Filen er allerede indlæst, i det mindste en del af den.',
      en: 'The file is applied already, at least a part of it.',
    }
  if (whyNotRunAgain === null)
    return {
      da: 'Jobbet kan køres igen; gør det først.',
      en: 'The job can be run again; do that first.',
    }
  return null
}

function fileOf(tx: RegisterTx, failure: JobFailure): DeliveryFile | null {
  const { fileId } = payloadOf(failure)
  return fileId === undefined || !jobsOfFile.has(failure.job) ? null : tx.files.find(fileId)
}

/** Notes that a person gave a file up, and what follows from it. */
export function noteDismissal(ctx: OperatorContext, said: Dismissal): Promise<string> {
  return runStep(ctx, 'dismiss-job', said, async (step) => {
    const { fileId, next } = step.register.write((tx) => giveUp(step, tx, said))
    await step.queue.add(next)
    return fileId
  })
}

function giveUp(
  ctx: OperatorContext,
  tx: RegisterTx,
  { jobId, by, role, reason }: Dismissal,
): { readonly fileId: string; readonly next: readonly JobRequest[] } {
  const failure = findOpenFailure(tx, 'dismissing', jobId)
  const file = fileOf(tx, failure)
  if (file === null || !unapplied.has(file.state)) throw refusal('dismissing', jobId, 'whose file has moved on meanwhile')
  const { fileId, read, findingCounts, planHash } = file
  const at = ctx.clock.now()
  tx.failures.resolve(jobId, by, reason, at)
  tx.files.addFindings(fileId, [{ ...wholeFile, code: findingCode, level: 'file', facts: {} }])
  tx.files.update(fileId, {
    state: 'rejected',
    accepted: 0,
    rejected: read,
    unchanged: 0,
    findingCounts: { ...findingCounts, [findingCode]: 1 },
  })
  if (planHash !== null) tx.files.updatePlan(planHash, { state: 'superseded' })
  tx.ledger.append({ at, type: 'dismissal', subject: jobId, facts: { by, role, reason, code: failure.code, fileId } })
  const ended = endHoldsOf(ctx, tx, fileId, `file ${fileId} was dismissed`)
  const receipt: JobRequest = { job: 'prepare-receipt', payload: { fileId, type: 'received' } }
  return { fileId, next: [receipt, ...ended, ...nextPlans(tx, file.supplierId), closeNight(file)] }
}
