import { HTTPException } from 'hono/http-exception'
import { ConfigError, FatalError, SyncError } from '../../domain/errors.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page } from '../layout.tsx'

/** A page that says one thing. */
export function messagePage(
  c: PageContext,
  ctx: ConsoleContext,
  { status, title, text }: { readonly status: number; readonly title: string; readonly text: string },
): Response | Promise<Response> {
  return page(
    c,
    ctx,
    { title, here: null, status },
    <div class="narrow">
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href="/">Til natten</a>
      </p>
    </div>,
  )
}

const statusOf: Readonly<Partial<Record<SyncError['code'], number>>> = {
  CONSOLE_REQUEST_INVALID: 404,
  HOLD_NOT_FOUND: 404,
  MOMENT_INVALID: 400,
  HOLD_DECISION_UNSIGNED: 400,
  HOLD_NOT_OPEN: 409,
  HOLD_PLAN_CHANGED: 409,
  HOLD_PERSON_SAME: 409,
  JOB_NOT_REQUEUABLE: 409,
  OIDC_PROVIDER_FAILED: 502,
}

const titles: Readonly<Partial<Record<SyncError['code'], string>>> = {
  CONSOLE_REQUEST_INVALID: 'Det findes ikke',
  HOLD_NOT_FOUND: 'Det hold findes ikke',
  HOLD_NOT_OPEN: 'Der er allerede taget stilling til det',
  HOLD_PLAN_CHANGED: 'Registret har ændret sig siden',
  HOLD_PERSON_SAME: 'En anden person skal godkende også',
  HOLD_DECISION_UNSIGNED: 'Skriv en begrundelse',
  MOMENT_INVALID: 'Den dato kan ikke læses',
  OIDC_PROVIDER_FAILED: 'Login hos jeres udbyder lykkedes ikke',
}

/** What went wrong, what it means for the data, and what to do; a fault of ours says only that it is in the log. */
export function failurePage(c: PageContext, ctx: ConsoleContext, error: unknown): Response | Promise<Response> {
  if (error instanceof HTTPException) {
    const text = 'Intet er ændret. Gå tilbage, hent siden igen, og prøv igen.'
    return messagePage(c, ctx, { status: error.status, title: 'Det kunne ikke modtages', text })
  }
  const isForPerson =
    error instanceof FatalError ||
    error instanceof ConfigError ||
    (error instanceof SyncError && statusOf[error.code] !== undefined)
  if (!isForPerson) ctx.log.error({ error, path: c.req.routePath }, 'a page of the console failed')
  if (!(error instanceof SyncError)) {
    return messagePage(c, ctx, {
      status: 500,
      title: 'Siden kunne ikke vises',
      text: 'Det er en fejl hos os; den står i loggen. Registret er urørt.',
    })
  }
  const { code, message, dataState, hint } = error
  const title = titles[code] ?? 'Det kunne ikke lade sig gøre'
  return page(
    c,
    ctx,
    { title, here: null, status: statusOf[code] ?? 500 },
    <div class="narrow">
      <h1>{title}</h1>
      <dl lang="en">
        <dt>{code}</dt>
        <dd>{message}</dd>
        <dt>Data</dt>
        <dd>{dataState}</dd>
        <dt>What to do</dt>
        <dd>{hint}</dd>
      </dl>
      <p>
        <a href="/">Til natten</a>
      </p>
    </div>,
  )
}
