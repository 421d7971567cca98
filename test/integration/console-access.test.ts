import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { removeUser } from '../../src/app/manage-users.ts'
import { createSignIn } from '../../src/app/sign-in.ts'
import { createRoutes } from '../../src/console/routes.tsx'
import type { Role } from '../../src/domain/roles.ts'
import { builtProgram } from '../kit/build-once.ts'
import { aPassword, type Browser, type ConsoleWorld, openConsoleWorld, tokenOf } from '../kit/console-world.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsoleWorld()
})
afterAll(() => world.close())

/** Who may ask for what; the route table must say the same. */
const table = {
  'get /login': 'alle',
  'post /login': 'alle',
  'get /login/oidc': 'alle',
  'get /login/oidc/retur': 'alle',
  'post /logout': 'se',
  'get /': 'se',
  'get /nat/:date': 'se',
  'get /filer': 'se',
  'get /filer/:id': 'se',
  'get /filer/:id/linje/:line': 'se',
  'get /holds': 'se',
  'get /holds/:id': 'se',
  'post /holds/:id': 'godkende',
  'get /fejl': 'se',
  'post /fejl': 'betjene',
  'post /fejl/opgiv': 'betjene',
  'get /institution': 'se',
  'get /institution/:nummer': 'se',
  'get /kommune': 'se',
  'get /kommune/:kode': 'se',
  'get /cutoffs': 'se',
  'get /log': 'se',
  'get /brugere': 'admin',
  'post /brugere': 'admin',
} as const satisfies Record<string, Role | 'alle'>

const visitors = {
  nobody: [],
  se: ['alle', 'se'],
  betjene: ['alle', 'se', 'betjene'],
  godkende: ['alle', 'se', 'godkende'],
  admin: ['alle', 'se', 'betjene', 'godkende', 'admin'],
} as const satisfies Record<string, readonly (Role | 'alle')[]>

describe('the pages of the console', () => {
  it('are these, each with the role it needs', () => {
    const routes = createRoutes(createSignIn(world.ctx)).map(({ method, path, needs }) => [`${method} ${path}`, needs])

    expect(Object.fromEntries(routes)).toEqual(table)
  })

  it.each(Object.entries(visitors))('let %s in where the role allows it and nowhere else', async (who, allowed) => {
    const seen: Record<string, string> = {}
    const browser = who === 'nobody' ? world.browser() : await world.signedIn(who as Role)
    // The sign-in and the sign-out change who the browser is.
    const last = Object.entries(table).toSorted(([a], [b]) => Number(/log(in|out)/.test(a)) - Number(/log(in|out)/.test(b)))
    for (const [route, needs] of last) {
      const [method = '', path = ''] = route.split(' ')
      const real = path.replace(':date', '2026-11-24').replace(':line', '1').replace(/:\w+/, 'x')
      const page = method === 'get' ? await browser.get(real) : await browser.post(real, {})
      const isRefused =
        page.status === 403 ||
        (page.status === 303 && page.location?.startsWith('/login') === true && (who === 'nobody' || path !== '/logout'))
      const isOpen = needs === 'alle' || allowed.some((role) => role === needs)
      if (isRefused !== !isOpen && !path.startsWith('/login')) seen[route] = `${page.status} ${page.location ?? ''}`
    }

    expect(seen).toEqual({})
  })

  it('speak Danish, unless the browser or a choice that is kept asks for English', async () => {
    const browser = await world.signedIn('se')
    const heard = async (path: string, headers = {}) => {
      const { text } = await browser.get(path, headers)
      return [/<html lang="(\w+)">/.exec(text)?.[1], /<h1>(.*?)<\/h1>/.exec(text)?.[1]]
    }

    expect(await heard('/filer')).toEqual(['da', 'Filer'])
    expect(await heard('/filer', { 'Accept-Language': 'de, en-GB;q=0.8, da;q=0.5' })).toEqual(['en', 'Files'])
    expect((await browser.get('/filer?nat=2026-11-24')).text).toContain('href="?nat=2026-11-24&amp;sprog=en"')
    expect(await heard('/filer?sprog=fr')).toEqual(['da', 'Filer'])
    expect(await heard('/filer?sprog=en')).toEqual(['en', 'Files'])
    expect(await heard('/findes-ikke')).toEqual(['en', 'There is no such page'])
    expect(await heard('/filer?sprog=da', { 'Accept-Language': 'en' })).toEqual(['da', 'Filer'])
    expect(await heard('/fejl', { 'Accept-Language': 'en' })).toEqual(['da', 'Fejl'])
  })

  it('show the queues to who may re-queue, and change nothing in them', async () => {
    const looker = await world.signedIn('se')

    expect((await world.browser().get('/koer/')).location).toBe('/login?til=%2Fkoer%2F')
    expect((await looker.get('/koer/api/queues')).status).toBe(403)
    expect((await (await world.signedIn('admin')).post('/koer/api/queues/pull/pause', {})).status).toBe(404)
  })
})

describe('signing in', () => {
  it('gives a new secret each time, ends the one the browser came with, and never takes one over', async () => {
    await world.addUser('fiksering', 'Fie Fix', ['se'])
    const browser = world.browser()
    browser.setCookie('dagtilbud', 'valgt-af-en-anden')

    await browser.signIn('fiksering')
    const first = browser.cookies().get('dagtilbud') ?? ''
    await browser.signIn('fiksering')
    const second = browser.cookies().get('dagtilbud') ?? ''

    expect(new Set(['valgt-af-en-anden', first, second]).size).toBe(3)
    expect(await statusWith(first)).toBe(303)
    expect(await statusWith(second)).toBe(200)
  })

  it('says the same of a wrong password and of a name that does not exist', async () => {
    await world.addUser('findes', 'Findes Hansen', ['se'])

    const wrong = await world.browser().signIn('findes', 'en helt anden kode')
    const nobody = await world.browser().signIn('findesikke', 'en helt anden kode')

    expect([wrong.status, nobody.status]).toEqual([401, 401])
    expect(wrong.text).toBe(nobody.text)
    expect(wrong.headers.getSetCookie()).toEqual([])
  })

  it('is refused unheard after five wrong passwords from one address, for a quarter of an hour, and not elsewhere', async () => {
    await world.addUser('gaettet', 'Gæt Værk', ['se'])
    const from = async (address: string, password: string) => {
      const body = new URLSearchParams({ brugernavn: 'Gaettet', adgangskode: password })
      const init = { 'X-Test-Address': address }
      return (await world.browser().post('/login', Object.fromEntries(body), init)).status
    }
    for (let i = 0; i < 5; i++) expect(await from('10.0.0.1', 'forkert kode her')).toBe(401)

    expect(await from('10.0.0.1', aPassword)).toBe(401)
    expect(await from('10.0.0.2', aPassword)).toBe(303)
    world.line.clock.turn(15 * 60_000 + 1)
    expect(await from('10.0.0.1', aPassword)).toBe(303)
  })

  it.each([
    ['//ond.example/', '/'],
    ['https://ond.example/', '/'],
    ['/\\ond.example', '/'],
    ['/\t/ond.example', '/'],
    ['/%0d%0aSet-Cookie:x=1', '/%0d%0aSet-Cookie:x=1'],
    ['/\r\nSet-Cookie: x=1', '/'],
    ['javascript:alert(1)', '/'],
    ['/filer?nat=2026-11-24', '/filer?nat=2026-11-24'],
  ])('asked to go on to %j goes to %j', async (asked, target) => {
    await world.addUser(`maal${Math.abs(hash(asked))}`, 'Mål', ['se'])
    const page = await world
      .browser()
      .post('/login', { brugernavn: `maal${Math.abs(hash(asked))}`, adgangskode: aPassword, til: asked })

    expect([page.status, page.location]).toEqual([303, target])
    expect(page.headers.get('Set-Cookie')).toMatch(/^dagtilbud=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })
})

describe('a session', () => {
  it('ends when nothing is asked for two hours, and twelve hours after the sign-in whatever is asked', async () => {
    const hour = 3_600_000
    const idle = await world.signedIn('se')
    const busy = await world.signedIn('se')
    world.line.clock.turn(1.5 * hour)
    await busy.get('/holds')
    world.line.clock.turn(hour)

    expect((await idle.get('/holds')).status).toBe(303)
    for (let i = 0; i < 9; i++) {
      expect((await busy.get('/holds')).status).toBe(200)
      world.line.clock.turn(hour)
    }
    expect((await busy.get('/holds')).status).toBe(200)
    world.line.clock.turn(0.5 * hour)
    expect((await busy.get('/holds')).status).toBe(303)
  })

  it('ends at the sign-out, when the user is removed, and when an admin says so', async () => {
    const out = await world.signedIn('se')
    const secret = out.cookies().get('dagtilbud') ?? ''
    expect((await out.post('/logout', {})).location).toBe('/login')
    expect(await statusWith(secret)).toBe(303)

    await world.addUser('fyret', 'Fy Ret', ['se'])
    const gone = world.browser()
    await gone.signIn('fyret')
    await removeUser(world.ctx, 'fyret', 'Test Admin')
    expect((await gone.get('/holds')).status).toBe(303)

    await world.addUser('smidtud', 'Smidt Ud', ['se'])
    const ended = world.browser()
    await ended.signIn('smidtud')
    await (await world.signedIn('admin')).post('/brugere', { kilde: 'lokal', brugernavn: 'smidtud' })
    expect((await ended.get('/holds')).status).toBe(303)
    expect(world.ctx.register.read((tx) => tx.ledger.of('smidtud')).map(({ facts }) => facts['did'])).toEqual([
      'added',
      'signed out',
    ])
  })

  it('stands in the accounts only as a hash', async () => {
    const browser = await world.signedIn('se')
    const secret = browser.cookies().get('dagtilbud') ?? ''

    expect(JSON.stringify(world.ctx.accounts.sessions({ openedAfter: 0, seenAfter: 0 }))).not.toContain(secret)
    expect(world.ctx.accounts.findSession(secret)).not.toBeNull()
  })
})

describe('a form', () => {
  it('is refused without its token, with the token of somebody else, and from another site', async () => {
    const [own, other] = [await world.signedIn('betjene'), await world.signedIn('betjene')]
    const token = tokenOf(await own.get('/holds'))
    const fields = { alt: '1', begrundelse: 'x' }

    expect((await own.post('/fejl', { ...fields, token: '' })).status).toBe(403)
    expect((await own.post('/fejl', { ...fields, token: tokenOf(await other.get('/holds')) })).status).toBe(403)
    expect((await own.post('/fejl', fields, { Origin: 'https://ond.example' })).status).toBe(403)
    expect((await own.post('/fejl', fields, { Origin: 'null' })).status).toBe(403)
    expect((await own.post('/fejl', { ...fields, token })).status).toBe(303)
  })

  it('larger than a form of ours is not read', async () => {
    const page = await (await world.signedIn('betjene')).post('/fejl', { alt: '1', begrundelse: 'x'.repeat(70_000) })

    expect(page.status).toBe(413)
  })
})

describe('every answer', () => {
  it('is not kept, runs no script, loads nothing foreign and stands in no frame', async () => {
    for (const page of [
      await (await world.signedIn('se')).get('/filer'),
      await world.browser().get('/login'),
      await world.browser().get('/findes-ikke'),
    ]) {
      expect(page.headers.get('Cache-Control')).toBe('no-store')
      expect(page.headers.get('Content-Security-Policy')).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
      expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff')
      expect(page.headers.get('X-Frame-Options')).toBe('DENY')
      expect(page.headers.get('Referrer-Policy')).toBe('no-referrer')
      expect(page.text).not.toMatch(/<script|<style| style=| on\w+=/i)
    }
  })

  it.each([
    '/filer/..%2f..%2f..%2fetc%2fpasswd',
    '/static/..%2f..%2fpackage.json',
    '/static/../../package.json',
    '/koer/static/..%2f..%2f..%2fpackage.json',
    '/filer/%00',
    '/nat/..%2f..%2f',
  ])('to %s gives nothing of the disk', async (path) => {
    const page = await (await world.signedIn('admin')).get(path)

    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(page.text).not.toMatch(/root:|"dependencies"/)
  })

  it('is given under the console’s own names only', async () => {
    expect((await world.browser('http://ond.example:8080').get('/healthz')).status).toBe(421)
    expect((await world.browser('http://localhost:8080').get('/healthz')).status).toBe(200)
  })
})

describe('other programs', () => {
  it('ask without a password as long as only this machine can ask', async () => {
    expect((await world.browser().get('/export/changes')).status).toBe(200)
    expect((await world.browser().get('/nights/2026-11-24')).status).toBe(404)
    expect((await world.browser().get('/healthz')).status).toBe(200)
  })

  it('give a user’s name and password behind a proxy, and cookies are for TLS alone', async () => {
    const open = await openConsoleWorld({ settings: { console: { publicUrl: 'https://sync.example', proxies: 1 } } })
    try {
      await open.addUser('portal', 'Portalen', ['se'])
      const basic = (password: string) => ({ Authorization: `Basic ${Buffer.from(`portal:${password}`).toString('base64')}` })
      const browser = open.browser('https://sync.example')

      expect((await browser.get('/export/changes')).status).toBe(401)
      expect((await browser.get('/nights/2026-11-24', basic('forkert kode her'))).status).toBe(401)
      expect((await browser.get('/export/changes', basic(aPassword))).status).toBe(200)
      expect((await browser.get('/healthz')).status).toBe(200)
      const page = await browser.signIn('portal')
      expect(page.headers.get('Set-Cookie')).toMatch(/^__Host-dagtilbud=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
      expect((await browser.get('/holds')).status).toBe(200)
    } finally {
      open.close()
    }
  })
})

describe('dagtilbud user', () => {
  it('adds somebody with the password it is given, never shows it, and removes them again', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'dagtilbud-user-'))
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
    const env = {
      ...process.env,
      DAGTILBUD_DATA_DIR: dataDir,
      DAGTILBUD_UNILOGIN_BASE_URL: 'https://localhost',
      DAGTILBUD_LOG_LEVEL: 'silent',
    }
    const user = (args: readonly string[], input = '') =>
      spawnSync(process.execPath, [builtProgram.dagtilbud, 'user', ...args], { env, input, encoding: 'utf8' })
    const add = ['add', 'anna', '--full-name', 'Anna Holm', '--roles', 'betjene,godkende', '--by', 'Bo Lund']

    expect(user(add, 'kort\n').stderr).toContain('USER_INVALID')
    expect(user(add, `${aPassword}\n`).stdout).toBe('anna kan logge ind: betjene, godkende.\n')
    const { stdout } = user(['list', '--json'])
    expect(JSON.parse(stdout).brugere).toMatchObject([{ brugernavn: 'anna', navn: 'Anna Holm', roller: ['betjene', 'godkende'] }])
    expect(stdout).not.toMatch(/scrypt|hest/)
    expect(user(['remove', 'anna', '--by', 'Bo Lund']).status).toBe(0)
    expect(user(['password', 'anna', '--by', 'Bo Lund'], `${aPassword}\n`).stderr).toContain('USER_NOT_FOUND')
  })
})

describe('a console without users', () => {
  it('says how to add one, and nothing else', async () => {
    const empty = await openConsoleWorld()
    try {
      const page = await empty.browser().get('/login')

      expect((await empty.browser().get('/')).location).toBe('/login?til=%2F')
      expect(page.status).toBe(503)
      expect(page.text).toContain('dagtilbud user add')
      expect((await empty.browser().get('/healthz')).status).toBe(200)
    } finally {
      empty.close()
    }
  })
})

async function statusWith(secret: string): Promise<number> {
  const browser: Browser = world.browser()
  browser.setCookie('dagtilbud', secret)
  return (await browser.get('/holds')).status
}

function hash(text: string): number {
  return [...text].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) | 0, 7)
}
