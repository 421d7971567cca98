import { cutoffOverview } from '../../app/cutoff-overview.ts'
import { Ahead } from '../ahead.tsx'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page, Table } from '../layout.tsx'
import { clock } from '../words.ts'

/** Cutoffs to come with the chance that what is due makes it, what to do before them, and how the past ones were met. */
export function cutoffsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const { coming, alerts, passed } = cutoffOverview(ctx)
  const due = coming.filter((cutoff) => cutoff.forecast !== null)
  return page(
    c,
    ctx,
    { title: 'Cutoffs', here: '/cutoffs' },
    <>
      <h1>Cutoffs</h1>
      <h2>På vej</h2>
      {due.length === 0 ? <p class="soft">Intet skal nå en frist lige nu.</p> : null}
      {due.map((cutoff) => (
        <Ahead cutoff={cutoff} />
      ))}
      {alerts.length === 0 ? null : (
        <>
          <h2>Inden fristen</h2>
          <ul class="todo">
            {alerts.map(({ who, subject, what, latestAt, atOnce }) => (
              <li class={who === 'operator' ? undefined : 'obs'}>
                <b>{who === 'operator' ? who : subject}</b>, {atOnce ? 'straks' : `senest ${clock(latestAt)}`}: {what.da}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Kommende</h2>
      <Table
        caption="Frister efter indstillingerne"
        head={['Frist', 'Hvornår']}
        rows={coming.map(({ navn, at }) => [navn, clock(at)])}
      />
      <h2>Passeret</h2>
      <Table
        caption="De seneste frister, nyeste først"
        head={['Frist', 'Hvornår', '#Ændringer', '#Nået', '#Ikke nået', '#Filer manglede']}
        rows={passed
          .toReversed()
          .map(({ navn, at, total, inTime, missed, missingFiles }) => [
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
