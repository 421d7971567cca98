import { SyncError } from '../../domain/errors.ts'
import { isFresh, type SoapMessage } from '../../formats/unilogin/soap-envelope.ts'
import type { AuthentificationType } from '../../formats/unilogin/soap-fault.ts'
import type { SandboxSystem } from './sandbox-settings.ts'
import type { SoapCall, SoapDesk } from './soap-desk.ts'

/** The system that may come in, or why it may not. */
export function admitSystem(desk: SoapDesk, call: SoapCall, message: SoapMessage): SandboxSystem | AuthentificationType {
  let signer: string | null
  try {
    signer = desk.security.verify(message)
  } catch (error) {
    return error instanceof SyncError && error.code === 'UNILOGIN_SIGNATURE_MISSING' ? 'SignaturMangler' : 'Signatur'
  }
  const now = desk.state.clock.now()
  const { skewMs } = desk.settings
  if (!isFresh(message.timestamp, now, skewMs)) return 'Signatur'
  if (message.udbydersystemId === null) return 'UdbydersytemIdMangler'
  const system = desk.state.systems.find(message.udbydersystemId)
  if (system === null || system.passive) return 'Rettigheder'
  if (system.certificateSha256 !== null && system.certificateSha256 !== (signer ?? call.clientCertificate())) return 'Rettigheder'
  return system
}
