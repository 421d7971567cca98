import type { ChannelName } from '../domain/alert.ts'

/** A message to the operators, the same for every channel; each takes of it what it can show. */
export interface Message {
  /** Stays the same when it is sent again, so that whoever gets it twice can tell. */
  readonly id: string
  /** The message that it belongs behind: the one with which its alert began. Null when it stands alone. */
  readonly replyTo: string | null
  readonly subject: string
  readonly text: string
  /** The same for readers of HTML; null when text is enough. */
  readonly html: string | null
  /** For programs; see config/schemas/besked-1.schema.json. */
  readonly document: Readonly<Record<string, unknown>>
}

/** One way to tell somebody. Sending is at least once: after an error nobody knows whether the message came. */
export interface Channel {
  /** @throws MAIL_SERVER_UNREACHABLE, MAIL_LOGIN_REFUSED, MAIL_MESSAGE_REFUSED, WEBHOOK_UNREACHABLE, WEBHOOK_MESSAGE_REFUSED */
  send(message: Message, signal?: AbortSignal): Promise<void>
  /** Shows that it would be let in; says what was seen. @throws as `send` */
  check(signal?: AbortSignal): Promise<string>
}

export type Channels = Readonly<Partial<Record<ChannelName, Channel>>>
