import type { MessageSecurity } from '../../formats/unilogin/message-security.ts'
import type { SoapService } from '../../formats/unilogin/soap-service.ts'
import type { SandboxSettings } from './sandbox-settings.ts'
import type { SandboxState } from './sandbox-state.ts'

/** What the ladder needs to know of the house it stands in. */
export interface SoapDesk {
  readonly state: SandboxState
  readonly settings: SandboxSettings
  readonly seed: number
  readonly security: MessageSecurity
  /** Numbers whose answer is still under way. */
  readonly busy: Set<string>
}

/** One POST, as far as it was read without XML. */
export interface SoapCall {
  readonly service: SoapService
  readonly text: string
  /** SHA-256 of the TLS client certificate, colon-separated; null without one. */
  readonly clientCertificate: () => string | null
}
