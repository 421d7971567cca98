import { readFile } from 'node:fs/promises'
import type { Settings } from '../../../config/settings.ts'
import { ConfigError } from '../../domain/errors.ts'
import type { Channels } from '../../ports/channels.ts'
import type { Clock } from '../../ports/clock.ts'
import { createMailChannel } from './mail-channel.ts'
import { createWebhookChannel } from './webhook-channel.ts'

/** What stands in no settings file. */
export interface ChannelSecrets {
  readonly mailPassword: string | null
  readonly webhookSecret: string | null
}

/** The channels of the settings. @throws CONFIG_FILE_UNREADABLE, CONFIG_SETTING_INVALID when a secret is missing */
export async function createChannels(
  { mail, webhook }: Settings['alerts'],
  secrets: ChannelSecrets,
  clock: Clock,
): Promise<Channels> {
  const { mailPassword, webhookSecret } = secrets
  if (mail?.username !== undefined && mailPassword === null) throw lacking('alerts.mail', 'password')
  if (webhook !== undefined && webhookSecret === null) throw lacking('alerts.webhook', 'secret')
  return {
    ...(mail && { mail: createMailChannel(mail, mailPassword, await readCa('alerts.mail.caFile', mail.caFile)) }),
    ...(webhook && {
      webhook: createWebhookChannel(webhook, {
        secret: webhookSecret ?? '',
        ca: await readCa('alerts.webhook.caFile', webhook.caFile),
        clock,
      }),
    }),
  }
}

async function readCa(setting: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigError('CONFIG_FILE_UNREADABLE', `reading the file in ${setting} failed`, {
      dataState: 'nothing was started',
      hint: `check that the file in ${setting} exists and that this user may read it`,
      facts: { setting, path },
      cause,
    })
  }
}

function lacking(setting: string, secret: string): ConfigError {
  const env = `DAGTILBUD_${setting.replace('.', '_').toUpperCase()}_${secret.toUpperCase()}`
  return new ConfigError('CONFIG_SETTING_INVALID', `${setting} is set, but its ${secret} is not`, {
    dataState: 'nothing was started',
    hint: `name a file in ${setting}.${secret}File, or set ${env}`,
    facts: { setting },
  })
}
