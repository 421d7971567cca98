import { readPem } from '../../../config/read-pem.ts'
import type { Unilogin } from '../../../config/settings.ts'
import { ConfigError } from '../../domain/errors.ts'
import { createCertificateTrust } from '../../formats/unilogin/certificate-trust.ts'
import { headerOnly, type MessageSecurity, signedMessages } from '../../formats/unilogin/message-security.ts'
import { readIdentity, type SigningIdentity } from '../../formats/unilogin/sign-envelope.ts'
import type { Clock } from '../../ports/clock.ts'

/**
 * Signed messages when the settings name our certificate, headers only when they do not.
 * @throws CONFIG_FILE_UNREADABLE, CONFIG_SETTING_INVALID
 */
export async function loadMessageSecurity(settings: Unilogin, clock: Clock): Promise<MessageSecurity> {
  const { signing, trust, skewMs } = settings
  const [certificate, key, authorities, certificates] = await Promise.all([
    readPem('unilogin.signing.certificateFile', signing.certificateFile),
    readPem('unilogin.signing.keyFile', signing.keyFile),
    readPem('unilogin.trust.caFile', trust.caFile),
    readPem('unilogin.trust.certificateFile', trust.certificateFile),
  ])
  if (certificate === undefined && key === undefined && authorities === undefined && certificates === undefined) return headerOnly
  if (certificate === undefined || key === undefined)
    throw invalid(
      'unilogin.signing lacks its certificate or its key',
      'set both unilogin.signing.certificateFile and unilogin.signing.keyFile, or neither and no unilogin.trust',
    )
  if (authorities === undefined && certificates === undefined)
    throw invalid(
      'unilogin.signing is set, but unilogin.trust does not say whose answers to believe',
      'set unilogin.trust.caFile, or unilogin.trust.certificateFile, or both',
    )
  return signedMessages({
    identity: toIdentity(certificate, key),
    trust: toTrust({ ...(authorities !== undefined && { authorities }), ...(certificates !== undefined && { certificates }) }),
    now: () => clock.now(),
    skewMs,
  })
}

function toIdentity(certificatePem: string, keyPem: string): SigningIdentity {
  try {
    return readIdentity(certificatePem, keyPem)
  } catch (cause) {
    throw invalid(
      `the files in unilogin.signing cannot sign: ${reasonOf(cause)}`,
      'name a PEM certificate of RSA and the unencrypted PEM key that belongs to it',
      cause,
    )
  }
}

function toTrust(anchors: Parameters<typeof createCertificateTrust>[0]) {
  try {
    return createCertificateTrust(anchors)
  } catch (cause) {
    throw invalid(`the files in unilogin.trust cannot be used: ${reasonOf(cause)}`, 'name PEM files with certificates', cause)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function invalid(seen: string, hint: string, cause?: unknown): ConfigError {
  return new ConfigError('CONFIG_SETTING_INVALID', seen, { dataState: 'nothing was started', hint, cause })
}
