import type { ChannelName } from '../domain/alert.ts'
import { SyncError } from '../domain/errors.ts'
import type { Message } from '../ports/channels.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'

/** A message and the channel it goes by, as `notify` gets it. */
export interface Letter {
  readonly channel: ChannelName
  readonly message: Message
}

/**
 * Sends one message over one channel. That it did not get through is a result, not a failure: the register notes it, and
 * asks again later.
 */
export async function sendNotice(ctx: EdgeContext, payload: JobPayloads['notify'], signal: AbortSignal): Promise<StepResult> {
  const { noticeId, attempt, messageSha256 } = payload
  const { channel, message } = await getDocument(ctx.files, messageSha256, trusted<Letter>())
  const problem = await problemOf(ctx, channel, () => ctx.channels[channel]?.send(message, signal))
  const next = [{ job: 'record-notice', payload: { noticeId, attempt, problem } }] as const
  return { outcome: problem ?? 'sent', next, facts: { channel, attempt } }
}

/** The code of what kept a message from being sent; null when it was sent. */
async function problemOf(ctx: EdgeContext, channel: string, send: () => Promise<void> | undefined): Promise<string | null> {
  const sending = send()
  // A worker on a further machine has other settings than the one that keeps the register.
  if (sending === undefined) return 'CONFIG_SETTING_INVALID'
  try {
    await sending
    return null
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    ctx.log.warn({ channel, code: error.code, tried: error.message, hint: error.hint, facts: error.facts }, 'message not sent')
    return error.code
  }
}
