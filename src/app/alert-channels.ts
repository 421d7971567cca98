import { channelsOf } from '../../config/alert-channels.ts'
import type { ChannelName } from '../domain/alert.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/** A channel whose last message did not get through. */
export interface FailingChannel {
  readonly channel: ChannelName
  /** Error code. */
  readonly problem: string
}

/** The channels of the settings that do not work, as their newest message shows. */
export function failingChannels({ settings }: Pick<RegisterContext, 'settings'>, tx: RegisterTx): FailingChannel[] {
  return channelsOf(settings).flatMap((channel) => {
    const last = tx.alerts.lastResult(channel)
    return last === null || last.sentAt !== null || last.problem === null ? [] : [{ channel, problem: last.problem }]
  })
}

/** What is to be done about a channel that does not work. */
export function channelAction(channel: ChannelName, problem: string) {
  const names = { mail: 'mail', webhook: 'webhook' } as const
  return {
    kind: 'kanal',
    cause: channel,
    who: 'operator',
    what: {
      da: `beskeder når ikke frem ad ${names[channel]} (${problem}); de prøves igen`,
      en: `messages do not get through by ${names[channel]} (${problem}); they are tried again`,
    },
  } as const
}
