import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { type BilingualText, languages } from '../domain/bilingual-text.ts'
import { allows } from '../domain/roles.ts'
import type { ConsoleContext, PageContext, Visitor } from './context.ts'
import { languageName, languageOf, Speaking, T, useSay } from './language.tsx'
import { styleSheet } from './style-sheet.ts'
import { formToken } from './visitors.ts'

/** Where a page stands in the menu. */
export type Place = '/' | '/filer' | '/holds' | '/fejl' | '/institution' | '/kommune' | '/cutoffs' | '/log' | '/brugere' | null

const productName = 'Dagtilbud Sync'

const menu: readonly (readonly [Place & string, BilingualText])[] = [
  ['/', { da: 'Nat', en: 'Night' }],
  ['/filer', { da: 'Filer', en: 'Files' }],
  ['/holds', { da: 'Holds', en: 'Holds' }],
  ['/fejl', { da: 'Fejl', en: 'Failures' }],
  ['/institution', { da: 'Institution', en: 'Institution' }],
  ['/kommune', { da: 'Kommune', en: 'Municipality' }],
  ['/cutoffs', { da: 'Cutoffs', en: 'Cutoffs' }],
  ['/log', { da: 'Log', en: 'Log' }],
]
const usersPlace = ['/brugere', { da: 'Brugere', en: 'Users' }] as const

export interface PageParts {
  readonly title: BilingualText
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
  const language = languageOf(c)
  const document = (
    <Speaking value={language}>
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{`${title[language]} – ${productName}`}</title>
          <link rel="stylesheet" href={styleSheet.path} />
        </head>
        <body>
          <a class="skip" href="#indhold">
            <T da="Spring til indholdet" en="Skip to the content" />
          </a>
          <header class="top">
            <span class="brand">{productName}</span>
            {visitor !== null && waiting !== null ? <Menu visitor={visitor} here={here} waiting={waiting} /> : null}
            <Languages c={c} />
          </header>
          <main id="indhold">{content}</main>
        </body>
      </html>
    </Speaking>
  )
  return c.html(html`<!doctype html>${document}`, status as 200)
}

/** A link to this page in each other language. */
function Languages({ c }: { c: PageContext }) {
  const names = { da: 'Dansk', en: 'English' } as const
  const others = languages.filter((language) => language !== languageOf(c))
  const address = (language: string) => `?${new URLSearchParams({ ...c.req.query(), [languageName]: language })}`
  return (
    <>
      {others.map((language) => (
        <a class="small" href={address(language)} lang={language} hreflang={language}>
          {names[language]}
        </a>
      ))}
    </>
  )
}

function Menu({ visitor, here, waiting }: { visitor: Visitor; here: Place; waiting: { holds: number; failures: number } }) {
  const { person } = visitor.session
  const counts: Partial<Record<string, number>> = { '/holds': waiting.holds, '/fejl': waiting.failures }
  const places = allows(person.roller, 'admin') ? [...menu, usersPlace] : menu
  const say = useSay()
  return (
    <>
      <nav aria-label={say({ da: 'Hovedmenu', en: 'Main menu' })}>
        <ul>
          {places.map(([path, label]) => (
            <li>
              <a href={path} aria-current={path === here ? 'page' : undefined}>
                <T {...label} />
                {(counts[path] ?? 0) > 0 ? (
                  <span class="count" role="img" aria-label={say({ da: `${counts[path]} venter`, en: `${counts[path]} wait` })}>
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
          <T da="Log ud" en="Sign out" />
        </button>
      </form>
    </>
  )
}

/** What every form carries. */
export function Token({ visitor }: { visitor: Visitor }) {
  return <input type="hidden" name="token" value={formToken(visitor)} />
}

/** The heading of a column. */
export interface Column extends BilingualText {
  readonly isNumber?: true
}

/** A table that scrolls by itself where the screen is narrow. */
export function Table({
  caption,
  head,
  rows,
  empty,
}: {
  caption: BilingualText
  head: readonly Column[]
  rows: readonly (readonly Child[])[]
  empty?: BilingualText
}) {
  const say = useSay()
  if (rows.length === 0)
    return (
      <p class="soft">
        <T {...(empty ?? { da: 'Ingen.', en: 'None.' })} />
      </p>
    )
  return (
    <section class="scroll" tabindex={0} aria-label={say(caption)}>
      <table>
        <caption>{say(caption)}</caption>
        <thead>
          <tr>
            {head.map((column) => (
              <th scope="col" class={column.isNumber ? 'n' : undefined}>
                {say(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, i) => (
                <td class={cellClass(head[i], cell)}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Numbers to the right; a time on one line. */
function cellClass(column: Column | undefined, cell: Child): string | undefined {
  if (column?.isNumber) return 'n'
  return typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}/.test(cell) ? 'nowrap' : undefined
}

/** Figures with their names. */
export function Facts({
  facts,
}: {
  facts: readonly { readonly name: BilingualText; readonly value: Child; readonly more?: Child }[]
}) {
  return (
    <dl class="facts">
      {facts.map(({ name, value, more }) => (
        <div>
          <dt>
            <T {...name} />
          </dt>
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
    <nav class="pages" aria-label={useSay()({ da: 'Sider', en: 'Pages' })}>
      {first === null ? null : (
        <a href={first}>
          <T da="De nyeste" en="The newest" />
        </a>
      )}
      {older === null ? null : (
        <a href={older}>
          <T da="Ældre" en="Older" />
        </a>
      )}
    </nav>
  )
}
