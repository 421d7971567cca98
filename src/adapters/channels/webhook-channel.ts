import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { programVersion } from '../../../config/package-root.ts'
import type { Webhook } from '../../../config/settings.ts'
import { RetryableError } from '../../domain/errors.ts'
import { toIso } from '../../domain/time.ts'
import type { Channel } from '../../ports/channels.ts'
import type { Clock } from '../../ports/clock.ts'

const dataState = 'the message is kept and sent again later'

/**
 * A POST of JSON, signed: `Dagtilbud-Signatur: t=<seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. Any answer 2xx is a yes; a
 * redirect is not followed. Node's own client and not fetch, which takes no certificate authority of one's own.
 */
export function createWebhookChannel(
  settings: Webhook,
  parts: { readonly secret: string; readonly ca: string | undefined; readonly clock: Clock },
): Channel {
  const { secret, ca, clock } = parts
  const post = async (document: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<number> => {
    const body = JSON.stringify(document)
    const seconds = Math.floor(clock.now() / 1000)
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': `dagtilbud-sync/${programVersion}`,
      'Dagtilbud-Signatur': `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
    }
    const deadline = AbortSignal.timeout(settings.deadlineMs)
    const status = await exchange(
      settings,
      ca,
      headers,
      body,
      signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    )
    if (status < 200 || status > 299) throw refused(settings, status)
    return status
  }
  return {
    send: async ({ document }, signal) => void (await post(document, signal)),
    check: async (signal) => {
      const now = toIso(clock.now())
      const document = { format: 'dagtilbud-besked-1', id: `proeve.${now}`, art: 'selvtest', lavet: now }
      return `${new URL(settings.url).host} svarede ${await post({ ...document, dato: null, varsel: null, link: null }, signal)}`
    },
  }
}

/** The status of the answer; its body is not read. */
function exchange(
  settings: Webhook,
  ca: string | undefined,
  headers: Readonly<Record<string, string | number>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(settings.url)
  const options = { method: 'POST', headers, signal, agent: false as const }
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca === undefined ? {} : { ca }) })
        : httpRequest(url, options)
    request.on('error', (cause) => reject(unreachable(settings, signal, cause)))
    request.on('response', (response) => {
      response.on('error', () => undefined)
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    request.end(body)
  })
}

/** Host only: the path of a webhook is often a secret. */
function hostOf({ url }: Webhook): string {
  return new URL(url).host
}

function refused(settings: Webhook, status: number): RetryableError {
  return new RetryableError('WEBHOOK_MESSAGE_REFUSED', `posting a message to ${hostOf(settings)}: it answered ${status}`, {
    dataState,
    hint: 'check alerts.webhook.url and the secret with whoever receives the messages',
    facts: { status },
  })
}

function unreachable(settings: Webhook, signal: AbortSignal, cause: Error): RetryableError {
  const seen = signal.aborted
    ? `no answer within ${settings.deadlineMs} ms`
    : 'code' in cause
      ? String(cause.code)
      : cause.message
  return new RetryableError('WEBHOOK_UNREACHABLE', `posting a message to ${hostOf(settings)}: ${seen}`, {
    dataState,
    hint: 'check alerts.webhook.url, the network, the certificate of the receiver and alerts.webhook.caFile',
    cause,
  })
}
