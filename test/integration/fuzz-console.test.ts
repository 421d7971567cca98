import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSignIn } from '../../src/app/sign-in.ts'
import { createRoutes } from '../../src/console/routes.tsx'
import { type ConsoleWorld, openConsoleWorld } from '../kit/console-world.ts'
import { fuzzRuns, hostileText } from '../kit/hostile.ts'

let world: ConsoleWorld
beforeAll(async () => {
  world = await openConsoleWorld()
})
afterAll(() => world.close())

/** Names that pages and exports read, and some that no page knows. */
const names = [
  'sprog',
  'til',
  'nat',
  'side',
  'fra',
  'status',
  'kommune',
  'nummer',
  'as-of',
  'known-at',
  'since',
  'limit',
  'state',
  'code',
  'x',
]
const fields = ['token', 'afgoerelse', 'begrundelse', 'id', 'jobId', 'brugernavn', 'adgangskode', 'til', 'x']
const exports = ['/export/changes', '/export/samlet.csv', '/export/daginstitution.json', '/nights/:date', '/metrics', '/readyz']

/** A text as it can be sent at all: half characters become U+FFFD. */
function sendable(text: string): string {
  return Buffer.from(text).toString()
}

/** A path whose places are filled with whatever was drawn. */
function fill(path: string, texts: readonly string[]): string {
  let next = 0
  return path.replace(/:\w+/g, () => encodeURIComponent(sendable(texts[next++ % texts.length] ?? '')) || 'x')
}

function toQuery(entries: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(entries.map(([name, value]): [string, string] => [name, sendable(value)])).toString()
}

const texts = fc.array(hostileText, { minLength: 2, maxLength: 2 })
const query = fc.array(fc.tuple(fc.constantFrom(...names), hostileText), { maxLength: 4 })

describe('the console, asked for anything', () => {
  it('answers each page and export with a page or a refusal of its own, and writes nothing', async () => {
    const routes = createRoutes(createSignIn(world.ctx)).filter(({ method }) => method === 'get')
    const paths = [...routes.map(({ path }) => path), ...exports]
    const admin = await world.signedIn('se', 'betjene', 'godkende', 'admin')
    const before = world.ctx.register.read((tx) => tx.ledger.last())

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), texts, query, async (path, places, asked) => {
        const page = await admin.get(`${fill(path, places)}?${toQuery(asked)}`)

        expect(page.status).toBeLessThan(500)
        expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
        expect(page.text).not.toMatch(/<script|\n\s+at .*\.tsx?:/)
      }),
      { numRuns: fuzzRuns * 4, seed: 81 },
    )

    expect(world.ctx.register.read((tx) => tx.ledger.last())).toEqual(before)
  })

  it('takes no form that is not its own, whatever fields, cookies and headers it has', async () => {
    const routes = createRoutes(createSignIn(world.ctx)).filter(({ method }) => method === 'post')
    const before = world.ctx.register.read((tx) => tx.ledger.last())
    const filled = fc.array(fc.tuple(fc.constantFrom(...fields), hostileText), { maxLength: 5 })

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), texts, filled, hostileText, async ({ path }, places, form, cookie) => {
        const stranger = world.browser()
        stranger.setCookie('dagtilbud', encodeURIComponent(sendable(cookie)))
        const body = Object.fromEntries(form.map(([name, value]) => [name, sendable(value)]))

        const page = await stranger.post(fill(path, places), body)

        expect(page.status).toBeLessThan(500)
        expect(page.location ?? '/login').toMatch(/^\/login/)
      }),
      { numRuns: fuzzRuns * 2, seed: 82 },
    )

    expect(world.ctx.register.read((tx) => tx.ledger.last())).toEqual(before)
    expect(world.requeued).toEqual([])
  })
})
