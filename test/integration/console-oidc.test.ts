import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Oidc } from '../../config/settings.ts'
import { createOidcProvider } from '../../src/adapters/oidc/create-oidc-provider.ts'
import { someSettings } from '../kit/builders.ts'
import { type ConsoleWorld, openConsoleWorld } from '../kit/console-world.ts'
import { fuzzRuns, hostileText } from '../kit/hostile.ts'
import { startTestOidc, type TestOidc } from '../kit/start-test-oidc.ts'

const redirectUri = 'http://127.0.0.1:8080/login/oidc/retur'
const people: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  anna: { name: 'Anna Holm', preferred_username: 'anna@kommune.example', groups: ['drift', 'alle'] },
  bo: { name: 'Bo Lund', preferred_username: 'bo@kommune.example', groups: ['kantine'] },
  navnloes: { groups: ['alle'] },
}

let oidc: TestOidc
let world: ConsoleWorld
let settings: Oidc
let folder = ''

beforeAll(async () => {
  oidc = await startTestOidc({ redirectUri, claimsOf: (account) => people[account] ?? {} })
  folder = mkdtempSync(join(tmpdir(), 'dagtilbud-oidc-'))
  const clientSecretFile = join(folder, 'secret')
  writeFileSync(clientSecretFile, `${oidc.clientSecret}\n`)
  const { issuer, clientId } = oidc
  const roles = { se: ['alle'], betjene: ['drift'] }
  const parsed = someSettings({ console: { oidc: { issuer, clientId, clientSecretFile, rolesClaim: 'groups', roles } } }).console
    .oidc
  if (parsed === undefined) throw new Error('the settings have no provider')
  settings = parsed
  world = await openConsoleWorld({ settings: { console: { oidc: settings } }, identity: () => createOidcProvider(settings) })
})
afterAll(async () => {
  world.close()
  await oidc.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('signing in with an account of the organisation', () => {
  it('gives the roles of the groups, the name to sign with, and goes on to where one wanted to be', async () => {
    const browser = world.browser()
    const start = await browser.get('/login/oidc?til=%2Ffiler')
    const back = await oidc.signIn(start.location ?? '', 'anna')
    const page = await browser.get(back)

    expect([page.status, page.location]).toEqual([303, '/filer'])
    expect((await browser.get('/filer')).text).toContain('Anna Holm')
    expect((await browser.get('/koer')).status).not.toBe(403)
    expect((await browser.post('/holds/h-1', { afgoerelse: 'approved', begrundelse: 'x' })).status).toBe(403)
    const [session] = world.ctx.accounts.sessions({ openedAfter: 0, seenAfter: 0 })
    expect(session).toMatchObject({ kilde: 'oidc', person: { brugernavn: 'anna@kommune.example', roller: ['se', 'betjene'] } })
  })

  it('sends a challenge, a state and a nonce, and other ones each time', async () => {
    const urls = await Promise.all([1, 2].map(async () => new URL((await world.browser().get('/login/oidc')).location ?? '')))

    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(new Set(urls.map((url) => url.searchParams.get(name))).size).toBe(2)
    expect(urls[0]?.searchParams.get('code_challenge_method')).toBe('S256')
    expect(urls[0]?.searchParams.get('redirect_uri')).toBe(redirectUri)
  })

  it('lets nobody in without a group of ours, or without a name', async () => {
    for (const [account, status, text] of [
      ['bo', 403, 'har ingen rolle her'],
      ['navnloes', 502, 'it sent no claim'],
    ] as const) {
      const browser = world.browser()
      const page = await browser.get(await oidc.signIn((await browser.get('/login/oidc')).location ?? '', account))

      expect([page.status, page.text.includes(text)]).toEqual([status, true])
      expect((await browser.get('/filer')).status).toBe(303)
    }
  })

  it('takes an answer once, from the browser that asked, and with the state that was sent', async () => {
    const [own, other] = [world.browser(), world.browser()]
    const back = await oidc.signIn((await own.get('/login/oidc')).location ?? '', 'anna')

    expect((await other.get(back)).status).toBe(400)
    const forged = new URL(back)
    forged.searchParams.set('state', 'en-anden')
    const second = world.browser()
    await second.get('/login/oidc')
    expect((await second.get(forged.href)).status).toBe(502)
    expect((await own.get(back)).status).toBe(303)
    expect((await own.get(back)).status).toBe(400)
  })

  it('that the provider refuses, or that takes too long, signs nobody in', async () => {
    const browser = world.browser()
    const start = new URL((await browser.get('/login/oidc')).location ?? '')
    const refused = await browser.get(
      `/login/oidc/retur?error=access_denied&state=${start.searchParams.get('state')}&iss=${encodeURIComponent(oidc.issuer)}`,
    )
    expect(refused.status).toBe(502)

    const late = await oidc.signIn((await browser.get('/login/oidc')).location ?? '', 'anna')
    world.line.clock.turn(11 * 60_000)
    expect((await browser.get(late)).status).toBe(400)
  })

  it('takes no answer that nobody asked for, whatever it carries', async () => {
    const before = world.ctx.accounts.sessions({ openedAfter: 0, seenAfter: 0 }).length
    const carried = fc.array(fc.tuple(fc.constantFrom('code', 'state', 'error', 'iss', 'til', 'x'), hostileText), {
      maxLength: 5,
    })

    await fc.assert(
      fc.asyncProperty(carried, hostileText, async (parameters, cookie) => {
        const browser = world.browser()
        await browser.get('/login/oidc')
        for (const name of browser.cookies().keys()) browser.setCookie(name, encodeURIComponent(Buffer.from(cookie).toString()))
        const page = await browser.get(`/login/oidc/retur?${new URLSearchParams(parameters)}`)

        expect([400, 401, 403, 303]).toContain(page.status)
        expect(page.location ?? '/login').toMatch(/^\/login/)
      }),
      { numRuns: fuzzRuns, seed: 91 },
    )

    expect(world.ctx.accounts.sessions({ openedAfter: 0, seenAfter: 0 })).toHaveLength(before)
  })

  it('says so when the provider cannot be reached, and tries again the next time', async () => {
    const gone = createOidcProvider({ ...settings, issuer: 'http://127.0.0.1:1' })

    for (const _time of [1, 2]) await expect(gone.begin(redirectUri)).rejects.toMatchObject({ code: 'OIDC_PROVIDER_FAILED' })
  })
})
