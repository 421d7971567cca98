import type { Person } from '../domain/roles.ts'

/** What must come back unchanged from a sign-in elsewhere; kept by us meanwhile. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Where people sign in who have an account of their organisation. */
export interface IdentityProvider {
  /** Where to send the browser. @throws OIDC_PROVIDER_FAILED */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly attempt: SignInAttempt }>
  /** Who came back, with the roles their claims give; none when they give none. @throws OIDC_PROVIDER_FAILED */
  finish(callbackUrl: string, attempt: SignInAttempt): Promise<Person>
}
