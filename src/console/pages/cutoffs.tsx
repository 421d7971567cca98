import { lookAhead } from '../../app/look-ahead.ts'
import { cutoffsBetween } from '../../domain/next-cutoff.ts'
import { dayMs } from '../../domain/time.ts'
import { Ahead } from '../ahead.tsx'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page, Table } from '../layout.tsx'
import { clock } from '../words.ts'

const daysBack = 30
const daysAhead = 7

/** Cutoffs to come, with what is due and the chance that it makes it, and how the past ones were met. */
export function cutoffsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const now = ctx.clock.now()
  const { ahead, passed } = ctx.register.read((tx) => ({
    ahead: lookAhead(ctx, tx),
    passed: tx.cutoffs.passed(now - daysBack * dayMs, now).toReversed(),
  }))
  const planned = cutoffsBetween(ctx.settings.cutoffs, now, now + daysAhead * dayMs)
  return page(
    c,
    ctx,
    { title: 'Cutoffs', here: '/cutoffs' },
    <>
      <h1>Cutoffs</h1>
      <h2>På vej</h2>
      {ahead.length === 0 ? <p class="soft">Intet skal nå en frist lige nu.</p> : null}
      {ahead.map((one) => (
        <Ahead ahead={one} />
      ))}
      <h2>De næste {daysAhead} dage</h2>
      <Table
        caption="Frister efter indstillingerne"
        head={['Frist', 'Hvornår']}
        rows={planned.map(({ navn, at }) => [navn, clock(at)])}
      />
      <h2>Passeret</h2>
      <Table
        caption={`De sidste ${daysBack} dage`}
        head={['Frist', 'Hvornår', '#Ændringer', '#Nået', '#Ikke nået', '#Filer manglede']}
        rows={passed.map(({ navn, at, total, inTime, missed, missingFiles }) => [
          navn,
          clock(at),
          total,
          inTime,
          <span class={missed > 0 ? 'daarlig-text' : undefined}>{missed}</span>,
          missingFiles,
        ])}
      />
    </>,
  )
}
