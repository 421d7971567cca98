import { HTTPException } from 'hono/http-exception'
import type { BilingualText } from '../../domain/bilingual-text.ts'
import { hintOf } from '../../domain/error-words.ts'
import { ConfigError, FatalError, SyncError } from '../../domain/errors.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { T } from '../language.tsx'
import { page } from '../layout.tsx'

/** A page that says one thing. */
export function messagePage(
  c: PageContext,
  ctx: ConsoleContext,
  { status, title, text }: { readonly status: number; readonly title: BilingualText; readonly text: BilingualText },
): Response | Promise<Response> {
  return page(
    c,
    ctx,
    { title, here: null, status },
    <div class="narrow">
      <h1>
        <T {...title} />
      </h1>
      <p>
        <T {...text} />
      </p>
      <ToTheNight />
    </div>,
  )
}

function ToTheNight() {
  return (
    <p>
      <a href="/">
        <T da="Til natten" en="To the night" />
      </a>
    </p>
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
  JOB_NOT_DISMISSABLE: 409,
  OIDC_PROVIDER_FAILED: 502,
}

const titles: Readonly<Partial<Record<SyncError['code'], BilingualText>>> = {
  CONSOLE_REQUEST_INVALID: { da: 'Det findes ikke', en: 'There is no such thing' },
  HOLD_NOT_FOUND: { da: 'Det hold findes ikke', en: 'There is no such hold' },
  HOLD_NOT_OPEN: { da: 'Der er allerede taget stilling til det', en: 'It was decided already' },
  HOLD_PLAN_CHANGED: { da: 'Registret har ændret sig siden', en: 'The register has changed since' },
  HOLD_PERSON_SAME: { da: 'En anden person skal godkende også', en: 'Another person must approve, too' },
  HOLD_DECISION_UNSIGNED: { da: 'Skriv en begrundelse', en: 'Give a reason' },
  MOMENT_INVALID: { da: 'Den dato kan ikke læses', en: 'That date cannot be read' },
  OIDC_PROVIDER_FAILED: { da: 'Login hos jeres udbyder lykkedes ikke', en: 'Signing in at your provider failed' },
}

const failed = { da: 'Det kunne ikke lade sig gøre', en: 'That could not be done' }

export const tryAgain = {
  da: 'Intet er ændret. Gå tilbage, hent siden igen, og prøv igen.',
  en: 'Nothing was changed. Go back, load the page again, and try again.',
}

/** What went wrong, what it means for the data, and what to do; a fault of ours says only that it is in the log. */
export function failurePage(c: PageContext, ctx: ConsoleContext, error: unknown): Response | Promise<Response> {
  if (error instanceof HTTPException) {
    const title = { da: 'Det kunne ikke modtages', en: 'That could not be taken in' }
    return messagePage(c, ctx, { status: error.status, title, text: tryAgain })
  }
  const isForPerson =
    error instanceof FatalError ||
    error instanceof ConfigError ||
    (error instanceof SyncError && statusOf[error.code] !== undefined)
  if (!isForPerson) ctx.log.error({ error, path: c.req.routePath }, 'a page of the console failed')
  if (!(error instanceof SyncError)) {
    return messagePage(c, ctx, {
      status: 500,
      title: { da: 'Siden kunne ikke vises', en: 'The page could not be shown' },
      text: {
        da: 'Det er en fejl hos os; den står i loggen. Registret er urørt.',
        en: 'It is a fault of ours; it stands in the log. The register is untouched.',
      },
    })
  }
  const title = titles[error.code] ?? failed
  return page(
    c,
    ctx,
    { title, here: null, status: statusOf[error.code] ?? 500 },
    <div class="narrow">
      <h1>
        <T {...title} />
      </h1>
      <Explained error={error} />
      <ToTheNight />
    </div>,
  )
}

/** An error's message, what becomes of the data and what to do; the first two are English, as in the log. */
function Explained({ error: { code, message, dataState, hint } }: { error: SyncError }) {
  return (
    <dl>
      <dt>{code}</dt>
      <dd lang="en">{message}</dd>
      <dt>
        <T da="Data" en="Data" />
      </dt>
      <dd lang="en">{dataState}</dd>
      <dt>
        <T da="Hvad du kan gøre" en="What to do" />
      </dt>
      <dd>
        <Hint code={code} hint={hint} />
      </dd>
    </dl>
  )
}

/** What to do about an error: in Danish what holds for its code, with what the error itself says behind it. */
export function Hint({ code, hint }: { code: string; hint: string }) {
  const { da, en } = hintOf(code, hint)
  return <T da={da === en ? da : `${da} (${en})`} en={en} />
}
