import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { SignIn } from '../../app/sign-in.ts'
import type { BilingualText } from '../../domain/bilingual-text.ts'
import type { SignInAttempt } from '../../ports/identity-provider.ts'
import type { ConsoleContext, PageContext, Route } from '../context.ts'
import { hasDoor } from '../has-door.ts'
import { T } from '../language.tsx'
import { page } from '../layout.tsx'
import { isSecure, originOf } from '../origin.ts'
import { formText, queryText } from '../query.ts'
import { endVisit, startVisit } from '../visitors.ts'
import { messagePage } from './message.tsx'

const returnPath = '/login/oidc/retur'
/** How long somebody may take at the identity provider. */
const attemptMs = 10 * 60_000
const mostAttempts = 1_000

interface Underway extends SignInAttempt {
  readonly target: string
  readonly startedAt: number
}

/** Signing in and out. */
export function signInRoutes(signIn: SignIn): Route[] {
  const underway = new Map<string, Underway>()
  return [
    { method: 'get', path: '/login', needs: 'alle', handle: (c, ctx) => signInPage(c, ctx, {}) },
    { method: 'post', path: '/login', needs: 'alle', handle: (c, ctx) => signInWithPassword(c, ctx, signIn) },
    { method: 'get', path: '/login/oidc', needs: 'alle', handle: (c, ctx) => goToProvider(c, ctx, underway) },
    { method: 'get', path: returnPath, needs: 'alle', handle: (c, ctx) => comeBack(c, ctx, signIn, underway) },
    { method: 'post', path: '/logout', needs: 'se', handle: signOut },
  ]
}

function signInPage(
  c: PageContext,
  ctx: ConsoleContext,
  { problem }: { readonly problem?: BilingualText },
): Response | Promise<Response> {
  if (!hasDoor(ctx)) return noUsersPage(c, ctx)
  const target = safeTarget(queryText(c, 'til', 500))
  const hasUsers = ctx.accounts.users().length > 0
  return page(
    c,
    ctx,
    { title: signInText, here: null, status: problem === undefined ? 200 : 401 },
    <div class="narrow">
      <h1>
        <T {...signInText} />
      </h1>
      {problem === undefined ? null : (
        <div class="banner daarlig" role="alert">
          <p>
            <T {...problem} />
          </p>
        </div>
      )}
      {ctx.identity === null ? null : (
        <p>
          <a href={`/login/oidc?til=${encodeURIComponent(target)}`}>
            <T da="Log ind med jeres egen konto" en="Sign in with an account of your organisation" />
          </a>
        </p>
      )}
      {hasUsers ? (
        <form method="post" action="/login" class="box">
          <input type="hidden" name="til" value={target} />
          <p>
            <label for="brugernavn">
              <T da="Brugernavn" en="User name" />
            </label>
            <input type="text" id="brugernavn" name="brugernavn" autocomplete="username" required />
          </p>
          <p>
            <label for="adgangskode">
              <T da="Adgangskode" en="Password" />
            </label>
            <input type="password" id="adgangskode" name="adgangskode" autocomplete="current-password" required />
          </p>
          <button type="submit">
            <T {...signInText} />
          </button>
        </form>
      ) : null}
    </div>,
  )
}

const signInText = { da: 'Log ind', en: 'Sign in' }

function noUsersPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  return page(
    c,
    ctx,
    { title: { da: 'Ingen brugere endnu', en: 'No users yet' }, here: null, status: 503 },
    <div class="narrow">
      <h1>
        <T da="Ingen kan logge ind endnu" en="Nobody can sign in yet" />
      </h1>
      <p>
        <T
          da="Tilføj den første bruger på den maskine, hvor programmet kører. Den spørger om en adgangskode:"
          en="Add the first user on the machine where the program runs. It asks for a password:"
        />
      </p>
      <pre>{anExample}</pre>
      <p>
        <T
          da="Roller: se ser alt, betjene sætter job i kø igen, godkende afgør holds, admin må alt. Eller sæt console.oidc i indstillingerne, så logger man ind hos jeres egen udbyder."
          en="Roles: se sees everything, betjene re-queues jobs, godkende decides holds, admin may do everything. Or set console.oidc in the settings, and people sign in at your own provider."
        />
      </p>
    </div>,
  )
}

const anExample = 'dagtilbud user add anna --full-name "Anna Holm" --roles betjene,godkende --by "Anna Holm"'

async function signInWithPassword(c: PageContext, ctx: ConsoleContext, signIn: SignIn): Promise<Response> {
  const [brugernavn, password] = [await formText(c, 'brugernavn', 100), (await c.req.parseBody())['adgangskode']]
  const user = await signIn.check({
    brugernavn,
    password: typeof password === 'string' ? password.slice(0, 1_000) : '',
    address: c.get('address'),
  })
  if (user === 'too many') {
    ctx.log.warn({ address: c.get('address') }, 'too many sign-ins refused')
    return signInPage(c, ctx, {
      problem: {
        da: 'For mange forsøg. Vent et kvarter, og prøv igen.',
        en: 'Too many tries. Wait a quarter of an hour, and try again.',
      },
    })
  }
  if (user === 'wrong') {
    const problem = { da: 'Brugernavn eller adgangskode passer ikke.', en: 'The user name or the password is not right.' }
    return signInPage(c, ctx, { problem })
  }
  startVisit(c, ctx, signIn.open('lokal', user))
  return c.redirect(safeTarget(await formText(c, 'til')), 303)
}

function attemptCookie({ settings }: ConsoleContext): string {
  return isSecure(settings.console) ? '__Host-dagtilbud-login' : 'dagtilbud-login'
}

async function goToProvider(c: PageContext, ctx: ConsoleContext, underway: Map<string, Underway>): Promise<Response> {
  if (ctx.identity === null) return c.redirect('/login', 303)
  const { url, attempt } = await ctx.identity.begin(`${originOf(ctx.settings.console, c.req.url)}${returnPath}`)
  const now = ctx.clock.now()
  for (const [key, { startedAt }] of underway)
    if (startedAt < now - attemptMs || underway.size > mostAttempts) underway.delete(key)
  // The state is as good a key as any: random, and known to this browser and the provider only.
  underway.set(attempt.state, { ...attempt, target: safeTarget(queryText(c, 'til', 500)), startedAt: now })
  setCookie(c, attemptCookie(ctx), attempt.state, {
    path: '/',
    httpOnly: true,
    secure: isSecure(ctx.settings.console),
    sameSite: 'Lax',
    maxAge: attemptMs / 1000,
  })
  return c.redirect(url, 303)
}

async function comeBack(c: PageContext, ctx: ConsoleContext, signIn: SignIn, underway: Map<string, Underway>): Promise<Response> {
  const key = getCookie(c, attemptCookie(ctx)) ?? ''
  const attempt = underway.get(key)
  underway.delete(key)
  deleteCookie(c, attemptCookie(ctx), { path: '/', secure: isSecure(ctx.settings.console) })
  if (ctx.identity === null || attempt === undefined || attempt.startedAt < ctx.clock.now() - attemptMs) {
    return messagePage(c, ctx, {
      status: 400,
      title: { da: 'Login er udløbet', en: 'The sign-in has run out' },
      text: { da: 'Begynd forfra: log ind igen.', en: 'Begin again: sign in anew.' },
    })
  }
  const { search } = new URL(c.req.url)
  const person = await ctx.identity.finish(`${originOf(ctx.settings.console, c.req.url)}${returnPath}${search}`, attempt)
  if (person.roller.length === 0) {
    ctx.log.warn({ user: person.brugernavn }, 'sign-in without a role refused')
    const text = {
      da: `${person.navn} er logget ind hos jeres udbyder, men har ingen rolle her. Spørg den, der styrer adgangen.`,
      en: `${person.navn} is signed in at your provider, but has no role here. Ask whoever gives access.`,
    }
    return messagePage(c, ctx, { status: 403, title: { da: 'Du har ikke adgang', en: 'You have no access' }, text })
  }
  startVisit(c, ctx, signIn.open('oidc', person))
  return c.redirect(attempt.target, 303)
}

function signOut(c: PageContext, ctx: ConsoleContext): Response {
  endVisit(c, ctx)
  return c.redirect('/login', 303)
}

/** Where to go after the sign-in: a path of ours and nothing else, whatever was asked for. */
function safeTarget(text: string | undefined): string {
  if (text === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return '/'
  const url = new URL(text, 'http://console')
  return url.host === 'console' ? `${url.pathname}${url.search}` : '/'
}
