import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import { sessionOf } from '../app/sign-in.ts'
import { sha256Hex } from '../domain/ids.ts'
import type { ConsoleContext, PageContext, Visitor } from './context.ts'
import { isSecure } from './origin.ts'

/** The name of the session's cookie; over TLS the browser itself holds it to this host and to TLS. */
function cookieNameOf(settings: ConsoleContext['settings']): string {
  return isSecure(settings.console) ? '__Host-dagtilbud' : 'dagtilbud'
}

/** Finds out who asks, by the session's cookie. */
export function findVisitor(ctx: ConsoleContext) {
  return createMiddleware<{ Variables: { visitor: Visitor | null } }>(async (c, next) => {
    const secret = getCookie(c, cookieNameOf(ctx.settings)) ?? ''
    const session = secret === '' ? null : sessionOf(ctx, secret)
    c.set('visitor', session === null ? null : { secret, session })
    await next()
  })
}

/** Gives the browser a session; one it had before is over, so that a secret known from before the sign-in opens nothing. */
export function startVisit(c: PageContext, ctx: ConsoleContext, secret: string): void {
  const before = getCookie(c, cookieNameOf(ctx.settings))
  if (before !== undefined) ctx.accounts.endSession(before)
  // Lax and not Strict: who comes back from an identity provider, or by a link in a mail, is signed in.
  const options = { path: '/', httpOnly: true, secure: isSecure(ctx.settings.console), sameSite: 'Lax' } as const
  setCookie(c, cookieNameOf(ctx.settings), secret, options)
}

export function endVisit(c: PageContext, ctx: ConsoleContext): void {
  const visitor = c.get('visitor')
  if (visitor !== null) ctx.accounts.endSession(visitor.secret)
  deleteCookie(c, cookieNameOf(ctx.settings), { path: '/', secure: isSecure(ctx.settings.console) })
}

/** What a form of this session carries, so that no other page can send it. */
export function formToken({ secret }: Visitor): string {
  return sha256Hex(`form ${secret}`)
}
