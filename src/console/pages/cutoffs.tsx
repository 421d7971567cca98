import { cutoffOverview } from '../../app/cutoff-overview.ts'
import type { CutoffAlert } from '../../domain/cutoff-alerts.ts'
import { Ahead } from '../ahead.tsx'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { T } from '../language.tsx'
import { page, Table } from '../layout.tsx'

const title = { da: 'Cutoffs', en: 'Cutoffs' }
const [name, when] = [
  { da: 'Frist', en: 'Cutoff' },
  { da: 'Hvornår', en: 'When' },
]

/** Cutoffs to come with the chance that what is due makes it, what to do before them, and how the past ones were met. */
export function cutoffsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const { coming, alerts, passed } = cutoffOverview(ctx)
  const due = coming.filter((cutoff) => cutoff.forecast !== null)
  return page(
    c,
    ctx,
    { title, here: '/cutoffs' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <h2>
        <T da="På vej" en="Under way" />
      </h2>
      {due.length === 0 ? (
        <p class="soft">
          <T da="Intet skal nå en frist lige nu." en="Nothing has to make a cutoff now." />
        </p>
      ) : null}
      {due.map((cutoff) => (
        <Ahead cutoff={cutoff} />
      ))}
      {alerts.length === 0 ? null : <Alerts alerts={alerts} />}
      <h2>
        <T da="Kommende" en="Coming" />
      </h2>
      <Table
        caption={{ da: 'Frister efter indstillingerne', en: 'Cutoffs by the settings' }}
        head={[name, when]}
        rows={coming.map(({ navn, at }) => [navn, clock(at)])}
      />
      <h2>
        <T da="Passeret" en="Passed" />
      </h2>
      <Table
        caption={{ da: 'De seneste frister, nyeste først', en: 'The last cutoffs, newest first' }}
        head={[
          name,
          when,
          { da: 'Ændringer', en: 'Changes', isNumber: true },
          { da: 'Nået', en: 'Made it', isNumber: true },
          { da: 'Ikke nået', en: 'Missed it', isNumber: true },
          { da: 'Filer manglede', en: 'Files were missing', isNumber: true },
        ]}
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

function Alerts({ alerts }: { alerts: readonly CutoffAlert[] }) {
  return (
    <>
      <h2>
        <T da="Inden fristen" en="Before the cutoff" />
      </h2>
      <ul class="todo">
        {alerts.map(({ who, subject, what, latestAt, atOnce }) => (
          <li class={who === 'operator' ? undefined : 'obs'}>
            <b>{who === 'operator' ? <T da="operator" en="operator" /> : subject}</b>,{' '}
            {atOnce ? <T da="straks" en="at once" /> : <T da={`senest ${clock(latestAt)}`} en={`by ${clock(latestAt)}`} />}:{' '}
            <T {...what} />
          </li>
        ))}
      </ul>
    </>
  )
}
