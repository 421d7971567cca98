import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** A real OpenID Connect provider on this machine, with one client and whoever signs in. */
export interface TestOidc {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Signs in there as this account, as a person would by its pages, and returns the address it sends the browser back to. */
  signIn(authorizationUrl: string, account: string): Promise<string>
  close(): Promise<void>
}

export async function startTestOidc(options: {
  readonly redirectUri: string
  readonly claimsOf: (account: string) => Readonly<Record<string, unknown>>
}): Promise<TestOidc> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { clientId: 'dagtilbud', clientSecret: 'en-hemmelighed-til-proever' }
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [options.redirectUri] }],
    claims: { profile: ['name', 'preferred_username', 'groups'] },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...options.claimsOf(accountId) }) }),
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['proeve'] },
  })
  server.on('request', provider.callback())
  return {
    issuer,
    ...client,
    signIn: (url, account) => walkThrough(url, account, options.redirectUri),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The provider's own pages: a form with a name, then one with a consent. */
async function walkThrough(start: string, account: string, redirectUri: string): Promise<string> {
  const jar = new Map<string, string>()
  const ask = async (url: string, body?: URLSearchParams): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    return response
  }
  let url = start
  let body: URLSearchParams | undefined
  for (let steps = 0; steps < 12; steps++) {
    const response = await ask(url, body)
    const location = response.headers.get('Location')
    body = undefined
    if (location !== null) {
      url = new URL(location, url).href
      if (url.startsWith(redirectUri)) return url
      continue
    }
    const page = await response.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    if (prompt === undefined) throw new Error(`the provider answered ${response.status}: ${page.slice(0, 300)}`)
    body = new URLSearchParams({ prompt, login: account, password: 'x' })
  }
  throw new Error('the provider never sent the browser back')
}
