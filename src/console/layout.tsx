import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { allows } from '../domain/roles.ts'
import type { ConsoleContext, PageContext, Visitor } from './context.ts'
import { styleSheet } from './style-sheet.ts'
import { formToken } from './visitors.ts'

/** Where a page stands in the menu. */
export type Place = '/' | '/filer' | '/holds' | '/fejl' | '/institution' | '/kommune' | '/cutoffs' | '/log' | '/brugere' | null

const menu = [
  ['/', 'Nat'],
  ['/filer', 'Filer'],
  ['/holds', 'Holds'],
  ['/fejl', 'Fejl'],
  ['/institution', 'Institution'],
  ['/kommune', 'Kommune'],
  ['/cutoffs', 'Cutoffs'],
  ['/log', 'Log'],
] as const satisfies readonly (readonly [Place, string])[]

export interface PageParts {
  readonly title: string
  readonly here: Place
  readonly status?: number
}

/** A whole page as the answer to a request, with the menu of whoever asks. */
export function page(
  c: PageContext,
  ctx: ConsoleContext,
  { title, here, status = 200 }: PageParts,
  content: Child,
): Response | Promise<Response> {
  const visitor = c.get('visitor')
  const waiting =
    visitor === null
      ? null
      : ctx.register.read((tx) => ({ holds: tx.files.holds({ state: 'open' }).length, failures: tx.failures.open().length }))
  const document = (
    <html lang="da">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – Dagtilbud Sync`}</title>
        <link rel="stylesheet" href={styleSheet.path} />
      </head>
      <body>
        <a class="skip" href="#indhold">
          Spring til indholdet
        </a>
        <header class="top">
          <span class="brand">Dagtilbud Sync</span>
          {visitor !== null && waiting !== null ? <Menu visitor={visitor} here={here} waiting={waiting} /> : null}
        </header>
        <main id="indhold">{content}</main>
      </body>
    </html>
  )
  return c.html(html`<!doctype html>${document}`, status as 200)
}

function Menu({ visitor, here, waiting }: { visitor: Visitor; here: Place; waiting: { holds: number; failures: number } }) {
  const { person } = visitor.session
  const counts: Partial<Record<string, number>> = { '/holds': waiting.holds, '/fejl': waiting.failures }
  const places = allows(person.roller, 'admin') ? [...menu, ['/brugere', 'Brugere'] as const] : menu
  return (
    <>
      <nav aria-label="Hovedmenu">
        <ul>
          {places.map(([path, label]) => (
            <li>
              <a href={path} aria-current={path === here ? 'page' : undefined}>
                {label}
                {(counts[path] ?? 0) > 0 ? (
                  <span class="count" role="img" aria-label={`${counts[path]} venter`}>
                    {counts[path]}
                  </span>
                ) : null}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <form method="post" action="/logout" class="who">
        <Token visitor={visitor} />
        <span>{person.navn}</span>
        <button class="plain" type="submit">
          Log ud
        </button>
      </form>
    </>
  )
}

/** What every form carries. */
export function Token({ visitor }: { visitor: Visitor }) {
  return <input type="hidden" name="token" value={formToken(visitor)} />
}

/** A table that scrolls by itself where the screen is narrow; a column whose heading begins with # holds numbers. */
export function Table({
  caption,
  head,
  rows,
  empty,
}: {
  caption: string
  head: readonly string[]
  rows: readonly (readonly Child[])[]
  empty?: string
}) {
  if (rows.length === 0) return <p class="soft">{empty ?? 'Ingen.'}</p>
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((text) => (
              <th scope="col" class={text.startsWith('#') ? 'n' : undefined}>
                {text.replace('#', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, i) => (
                <td class={cellClass(head[i] ?? '', cell)}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Numbers to the right; a time on one line. */
function cellClass(heading: string, cell: Child): string | undefined {
  if (heading.startsWith('#')) return 'n'
  return typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}/.test(cell) ? 'nowrap' : undefined
}

/** Figures with their names. */
export function Facts({ facts }: { facts: readonly { readonly name: string; readonly value: Child; readonly more?: Child }[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value, more }) => (
        <div>
          <dt>{name}</dt>
          <dd>
            {value}
            {more === undefined ? null : <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A link to older entries and one back to the newest. */
export function Pages({ older, first }: { older: string | null; first: string | null }) {
  if (older === null && first === null) return null
  return (
    <nav class="pages" aria-label="Sider">
      {first === null ? null : <a href={first}>De nyeste</a>}
      {older === null ? null : <a href={older}>Ældre</a>}
    </nav>
  )
}
