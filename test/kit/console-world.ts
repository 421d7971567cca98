import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { openAccounts } from '../../src/adapters/accounts/open-accounts.ts'
import { createMetrics } from '../../src/adapters/metrics/create-metrics.ts'
import { addUser } from '../../src/app/manage-users.ts'
import type { ConsoleContext } from '../../src/console/context.ts'
import { createConsole } from '../../src/console/create-console.tsx'
import type { Role } from '../../src/domain/roles.ts'
import type { IdentityProvider } from '../../src/ports/identity-provider.ts'
import { type JobQueue, type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import { fastFolder, someSettings } from './builders.ts'
import { openRegisterLine, type RegisterLine } from './register-line.ts'

/** What the users of a console world sign in with. */
export const aPassword = 'korrekt hest batteri'

const home = 'http://127.0.0.1:8080'

/** A console on a real register and accounts, without Redis and without a port: requests are handed to it. */
export interface ConsoleWorld {
  /** The data folder. */
  readonly folder: string
  readonly line: RegisterLine
  readonly ctx: ConsoleContext
  /** Jobs that were re-queued, by id. */
  readonly requeued: string[]
  addUser(brugernavn: string, navn: string, roller: readonly Role[]): Promise<void>
  /** A browser that nobody is signed in with. */
  browser(origin?: string): Browser
  /** A browser of a console with other parts. */
  browserOf(ctx: ConsoleContext): Browser
  /** A browser that a new user with these roles is signed in with. */
  signedIn(...roller: Role[]): Promise<Browser>
  close(): void
}

export interface Browser {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Page>
  /** Sends a form as a page of the console would, with its token unless one is given. */
  post(path: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Page>
  signIn(brugernavn: string, password?: string): Promise<Page>
  cookies(): ReadonlyMap<string, string>
  setCookie(name: string, value: string): void
}

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly location: string | null
  readonly text: string
}

export async function openConsoleWorld(
  options: {
    readonly settings?: Readonly<Record<string, unknown>>
    readonly metricsToken?: string
    readonly identity?: (settings: Settings) => IdentityProvider
  } = {},
): Promise<ConsoleWorld> {
  const folder = mkdtempSync(join(fastFolder(), 'dagtilbud-console-'))
  const settings = someSettings({ dataDir: folder, ...options.settings })
  const line = await openRegisterLine({ folder, settings })
  const accounts = openAccounts(join(folder, 'accounts.sqlite'), { N: 2, r: 1, p: 1 })
  const requeued: string[] = []
  const queue: Pick<JobQueue, 'add' | 'requeue' | 'counts'> = {
    add: (requests) => line.run(requests),
    requeue: async (request: JobRequest) => void requeued.push(jobIdOf(request)),
    counts: async () => ({}) as Awaited<ReturnType<JobQueue['counts']>>,
  }
  const ctx: ConsoleContext = {
    ...line.ctx,
    queue: queue as JobQueue,
    accounts,
    identity: options.identity?.(settings) ?? null,
    metrics: createMetrics(),
    metricsToken: options.metricsToken ?? null,
    nextNight: () => line.clock.now() + 1,
    viewQueues: async () => [],
  }
  let users = 0
  const add = (brugernavn: string, navn: string, roller: readonly Role[]) =>
    addUser(ctx, { brugernavn, navn, roller }, aPassword, 'Test Admin')
  const openApp = (own: ConsoleContext) => createConsole(own, (c) => c.req.header('X-Test-Address') ?? '127.0.0.1')
  const app = openApp(ctx)
  const browser = (origin = home, asked = app) => createBrowser((url, init) => asked.request(url, init), origin)
  return {
    folder,
    line,
    ctx,
    requeued,
    addUser: add,
    browser,
    browserOf: (own) => browser(home, openApp(own)),
    signedIn: async (...roller) => {
      users += 1
      await add(`bruger${users}`, `Bruger ${users}`, roller)
      const own = browser()
      await own.signIn(`bruger${users}`)
      return own
    },
    close: () => {
      accounts.close()
      line.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Ask = (url: string, init: RequestInit) => Response | Promise<Response>

function createBrowser(ask: Ask, origin: string): Browser {
  const jar = new Map<string, string>()
  const send = async (path: string, init: RequestInit): Promise<Page> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('Cookie', cookie)
    const response = await ask(new URL(path, origin).href, { ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (/max-age=0/i.test(set)) jar.delete(name)
      else jar.set(name, value)
    }
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('Location'),
      text: await response.text(),
    }
  }
  const own: Browser = {
    get: (path, headers = {}) => send(path, { headers }),
    post: async (path, fields, headers = {}) => {
      const token = jar.size === 0 ? '' : tokenOf(await send('/holds', {}))
      const body = new URLSearchParams({ token, ...fields })
      return send(path, { method: 'POST', body, headers: { Origin: origin, ...headers } })
    },
    signIn: (brugernavn, password = aPassword) => {
      const body = new URLSearchParams({ brugernavn, adgangskode: password })
      return send('/login', { method: 'POST', body, headers: { Origin: origin } })
    },
    cookies: () => jar,
    setCookie: (name, value) => void jar.set(name, value),
  }
  return own
}

/** The token that the forms of a page carry; empty when it has no form. */
export function tokenOf({ text }: Pick<Page, 'text'>): string {
  return /name="token" value="([^"]+)"/.exec(text)?.[1] ?? ''
}
