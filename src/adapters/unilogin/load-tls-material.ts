import { readPem } from '../../../config/read-pem.ts'
import type { Unilogin } from '../../../config/settings.ts'
import { ConfigError } from '../../domain/errors.ts'

/** PEM texts for the TLS connection; what is not given is left to Node: its own CAs, no client certificate. */
export interface TlsMaterial {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Reads the files that the settings name. @throws CONFIG_FILE_UNREADABLE, CONFIG_SETTING_INVALID */
export async function loadTlsMaterial(settings: Unilogin): Promise<TlsMaterial> {
  if ((settings.clientCertificateFile === undefined) !== (settings.clientKeyFile === undefined)) {
    throw new ConfigError(
      'CONFIG_SETTING_INVALID',
      'unilogin has a client certificate without a key, or a key without a certificate',
      {
        dataState: 'nothing was started',
        hint: 'set both unilogin.clientCertificateFile and unilogin.clientKeyFile, or neither',
      },
    )
  }
  const [ca, cert, key] = await Promise.all([
    readPem('unilogin.caFile', settings.caFile),
    readPem('unilogin.clientCertificateFile', settings.clientCertificateFile),
    readPem('unilogin.clientKeyFile', settings.clientKeyFile),
  ])
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}
