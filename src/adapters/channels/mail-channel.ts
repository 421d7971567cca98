import { createTransport, type NodemailerError } from 'nodemailer'
import type { Mail } from '../../../config/settings.ts'
import { RetryableError } from '../../domain/errors.ts'
import type { Channel } from '../../ports/channels.ts'

const dataState = 'the message is kept and sent again later'

/**
 * Mail over SMTP, a connection for each message. Message ids are ours, so that a mail that comes twice is known as one, and what
 * belongs to one alert stands in one thread. Errors carry no text of the server's and no cause: both may name a recipient.
 */
export function createMailChannel(settings: Mail, password: string | null, ca: string | undefined): Channel {
  const { host, port, security, username, from, to, deadlineMs } = settings
  const domain = from.slice(from.indexOf('@') + 1)
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'ingen',
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
    tls: ca === undefined ? {} : { ca },
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const toMessageId = (id: string) => `<${id}@${domain}>`

  return {
    send: async ({ id, replyTo, subject, text, html }) => {
      const thread = replyTo === null ? {} : { inReplyTo: toMessageId(replyTo), references: toMessageId(replyTo) }
      const info = await asOurs(settings, 'sending a message', () =>
        transport.sendMail({
          from,
          to,
          subject,
          text,
          ...(html === null ? {} : { html }),
          messageId: toMessageId(id),
          ...thread,
          headers: { 'Auto-Submitted': 'auto-generated' },
        }),
      )
      const refused = info.rejected.length
      if (refused > 0) throw partlyRefused(settings, refused, info.accepted.length)
    },
    check: async () => {
      await asOurs(settings, 'greeting the server', () => transport.verify())
      return `${host}:${port}, ${security}, ${username === undefined ? 'uden login' : 'login godkendt'}, ${to.length} modtagere`
    },
  }
}

/** Some got it and will get it once more: rather twice than that somebody waits for what never comes. */
function partlyRefused({ host }: Mail, refused: number, accepted: number): RetryableError {
  return new RetryableError('MAIL_MESSAGE_REFUSED', `mail to ${host}: ${refused} recipients were refused, ${accepted} accepted`, {
    dataState,
    hint: 'correct alerts.mail.to',
    facts: { refused, accepted },
  })
}

async function asOurs<T>({ host, port }: Mail, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = 'UNKNOWN', responseCode = null } = error as NodemailerError
    const where = `${what} over SMTP at ${host}:${port}`
    const facts = { smtp: responseCode, reason: code }
    if (code === 'EAUTH' || code === 'ENOAUTH')
      throw new RetryableError('MAIL_LOGIN_REFUSED', `${where}: the server refused our login (${responseCode})`, {
        dataState,
        hint: 'check alerts.mail.username and its password with whoever runs the server',
        facts,
      })
    if (responseCode !== null)
      throw new RetryableError('MAIL_MESSAGE_REFUSED', `${where}: the server refused (${responseCode})`, {
        dataState,
        hint: 'check alerts.mail.from and alerts.mail.to, and whether the server relays for this machine',
        facts,
      })
    throw new RetryableError('MAIL_SERVER_UNREACHABLE', `${where}: no usable answer (${code})`, {
      dataState,
      hint: 'check host, port, alerts.mail.security, the certificate of the server and alerts.mail.caFile',
      facts,
    })
  }
}
