import { readPem } from '../../../config/read-pem.ts'
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
    ...(mail && { mail: createMailChannel(mail, mailPassword, await readPem('alerts.mail.caFile', mail.caFile)) }),
    ...(webhook && {
      webhook: createWebhookChannel(webhook, {
        secret: webhookSecret ?? '',
        ca: await readPem('alerts.webhook.caFile', webhook.caFile),
        clock,
      }),
    }),
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
