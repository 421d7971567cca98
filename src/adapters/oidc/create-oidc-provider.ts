import { readFile } from 'node:fs/promises'
import * as client from 'openid-client'
import type { Oidc } from '../../../config/settings.ts'
import { RetryableError } from '../../domain/errors.ts'
import { type Person, roles } from '../../domain/roles.ts'
import type { IdentityProvider } from '../../ports/identity-provider.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * OpenID Connect, authorization code flow with PKCE, state and nonce. The provider's discovery document is read at the
 * first sign-in, and again when that failed, so that a provider that is down keeps nobody's night waiting.
 */
export function createOidcProvider(settings: Oidc): IdentityProvider {
  let known: Promise<client.Configuration> | null = null
  const configuration = () => {
    known ??= discover(settings)
    known.catch(() => {
      known = null
    })
    return known
  }
  return {
    begin: (redirectUri) =>
      asOurs(settings, 'sending somebody to it', async () => {
        const attempt = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        }
        const url = client.buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: settings.scope,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, attempt }
      }),
    finish: (callbackUrl, attempt) =>
      asOurs(settings, 'taking in somebody it sent back', async () => {
        const config = await configuration()
        const tokens = await client.authorizationCodeGrant(config, new URL(callbackUrl), {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (claims === undefined) throw new Error('it sent no ID token')
        const { userinfo_endpoint: hasMore } = config.serverMetadata()
        const more = hasMore === undefined ? {} : await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        return toPerson(settings, { ...more, ...claims })
      }),
  }
}

async function discover({ issuer, clientId, clientSecretFile }: Oidc): Promise<client.Configuration> {
  const server = new URL(issuer)
  const secret = clientSecretFile === undefined ? undefined : (await readFile(clientSecretFile, 'utf8')).trim()
  const authentication = secret === undefined ? client.None() : client.ClientSecretBasic(secret)
  // A provider on this machine, as in a trial, may do without TLS; any other may not.
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(server.hostname)
  return client.discovery(server, clientId, secret, authentication, {
    timeout: 10,
    ...(server.protocol === 'http:' && isLocal ? { execute: [client.allowInsecureRequests] } : {}),
  })
}

function toPerson(settings: Oidc, claims: Claims): Person {
  const brugernavn = claimOf(claims, settings.userClaim)
  if (typeof brugernavn !== 'string' || brugernavn === '') throw new Error(`it sent no claim "${settings.userClaim}"`)
  const navn = claimOf(claims, settings.nameClaim)
  const said = [claimOf(claims, settings.rolesClaim)].flat()
  return {
    brugernavn,
    navn: typeof navn === 'string' && navn !== '' ? navn : brugernavn,
    roller: roles.filter((role) => settings.roles[role]?.some((value) => said.includes(value))),
  }
}

/** A claim by its name, which may be a URL; else by its path. */
function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name.split('.').reduce<unknown>((node, key) => {
    return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? (node as Claims)[key] : undefined
  }, claims)
}

async function asOurs<T>({ issuer }: Oidc, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause)
    throw new RetryableError('OIDC_PROVIDER_FAILED', `${doing}, the identity provider ${issuer} gave: ${seen}`, {
      dataState: 'nobody was signed in',
      hint: 'sign in again; if it stays so, check console.oidc in the settings and the log of the provider',
      cause,
    })
  }
}
