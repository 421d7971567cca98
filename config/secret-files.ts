import { sftpServers } from './export-server.ts'
import type { Settings } from './settings.ts'

/** The files that hold a secret: keys, passwords, tokens. Certificates are public and not among them. */
export function secretFiles(settings: Settings): readonly string[] {
  const { unilogin, alerts, console } = settings
  const named = [
    ...sftpServers(settings).flatMap(({ privateKeyFile, passwordFile }) => [privateKeyFile, passwordFile]),
    unilogin.clientKeyFile,
    unilogin.signing.keyFile,
    alerts.mail?.passwordFile,
    alerts.webhook?.secretFile,
    console.oidc?.clientSecretFile,
    console.metricsTokenFile,
  ]
  return named.filter((file) => file !== undefined)
}
