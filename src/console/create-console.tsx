import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { createSignIn } from '../app/sign-in.ts'
import { allows } from '../domain/roles.ts'
import type { ConsoleContext, PageContext, Route, Visitor } from './context.ts'
import { findLanguage, keepLanguage } from './language.tsx'
import { machineRoutes } from './machine-routes.ts'
import { isOurName, originOf } from './origin.ts'
import { failurePage, messagePage, tryAgain } from './pages/message.tsx'
import { createRoutes } from './routes.tsx'
import { styleSheet } from './style-sheet.ts'
import { findVisitor, formToken } from './visitors.ts'

const boardPath = '/koer'
const largestForm = 64 * 1024

/** Nothing runs or loads but our own style sheet, and no other site may frame a page or be sent a form. */
const ourPolicy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}
/** Bull Board is a program in the browser and sets styles of its own. The fonts it asks Google for it does not get. */
const boardPolicy = {
  ...ourPolicy,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'self'"],
}

/** The console's pages, what they need of who asks, and what machines may ask. */
export function createConsole(ctx: ConsoleContext, addressOf: (c: PageContext) => string): Hono {
  type Env = { Variables: { visitor: Visitor | null; address: string; language: string } }
  const app = new Hono<Env>()
  const { console: settings } = ctx.settings
  const signIn = createSignIn(ctx)
  app.onError((error, c) => failurePage(c as PageContext, ctx, error))
  const ourHeaders = secureHeaders({ xFrameOptions: 'DENY', contentSecurityPolicy: ourPolicy })
  const boardHeaders = secureHeaders({ xFrameOptions: 'DENY', contentSecurityPolicy: boardPolicy })
  app.use((c, next) => (`${c.req.path}/`.startsWith(`${boardPath}/`) ? boardHeaders : ourHeaders)(c, next))
  app.use(async (c, next) => {
    if (!isOurName(settings, c.req.url)) return c.text('this is not a name of the console; see console.publicUrl', 421)
    c.set('visitor', null)
    c.set('address', addressOf(c as PageContext))
    await next()
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
    return undefined
  })
  app.get(styleSheet.path, (c) => {
    return c.body(styleSheet.text, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.route('/', machineRoutes(ctx, signIn))

  app.use(bodyLimit({ maxSize: largestForm }))
  app.use(csrf({ origin: (origin, c) => origin === originOf(settings, c.req.url) }))
  app.use(findLanguage, keepLanguage(ctx))
  app.use(findVisitor(ctx))
  for (const route of createRoutes(signIn)) {
    app[route.method](route.path, async (c) => {
      const refused = await refusalOf(c as PageContext, ctx, route)
      return refused ?? route.handle(c as PageContext, ctx)
    })
  }
  app.on(['GET', 'HEAD'], [boardPath, `${boardPath}/*`], async (c) => {
    const refused = await refusalOf(c as PageContext, ctx, { method: 'get', needs: 'betjene' })
    return refused ?? (await board()).fetch(c.req.raw)
  })
  let opened: Promise<Hono> | undefined
  const board = () => {
    opened ??= openBoard(ctx)
    return opened
  }
  app.notFound((c) =>
    messagePage(c as PageContext, ctx, {
      status: 404,
      title: { da: 'Siden findes ikke', en: 'There is no such page' },
      text: { da: 'Adressen fører ingen steder hen.', en: 'The address leads nowhere.' },
    }),
  )
  return app as unknown as Hono
}

/** Loaded when somebody looks at the queues. */
async function openBoard(ctx: ConsoleContext): Promise<Hono> {
  const { createQueueBoard } = await import('./queue-board.ts')
  return createQueueBoard(boardPath, await ctx.viewQueues())
}

/** Why a request may not be answered, as an answer; null when it may. */
async function refusalOf(
  c: PageContext,
  ctx: ConsoleContext,
  { method, needs }: Pick<Route, 'method' | 'needs'>,
): Promise<Response | null> {
  if (needs === 'alle') return null
  const visitor = c.get('visitor')
  if (visitor === null) {
    const target = method === 'get' ? `?til=${encodeURIComponent(pathOf(c))}` : ''
    return c.redirect(`/login${target}`, 303)
  }
  if (!allows(visitor.session.person.roller, needs)) {
    return messagePage(c, ctx, {
      status: 403,
      title: { da: 'Det må du ikke', en: 'You may not do that' },
      text: {
        da: `Det kræver rollen "${needs}". Spørg den, der styrer adgangen.`,
        en: `It takes the role "${needs}". Ask whoever gives access.`,
      },
    })
  }
  if (method === 'post' && (await c.req.parseBody())['token'] !== formToken(visitor)) {
    return messagePage(c, ctx, {
      status: 403,
      title: { da: 'Formularen er for gammel', en: 'The form is too old' },
      text: tryAgain,
    })
  }
  return null
}

function pathOf(c: PageContext): string {
  const { pathname, search } = new URL(c.req.url)
  return `${pathname}${search}`
}
