import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { RegisterContext } from './context.ts'

/** Notes that a message was sent, or what kept it from being sent. What is known to be sent stays sent. */
export async function recordNotice(ctx: RegisterContext, payload: JobPayloads['record-notice']): Promise<StepResult> {
  const { noticeId, problem } = payload
  return ctx.register.write((tx): StepResult => {
    const notice = tx.alerts.findNotice(noticeId)
    if (notice === null || notice.sentAt !== null) return { outcome: 'skipped', next: [] }
    tx.alerts.updateNotice(noticeId, problem === null ? { problem, sentAt: ctx.clock.now() } : { problem })
    return { outcome: problem ?? 'sent', next: [] }
  })
}
