import { causeText } from '../../domain/hold-causes.ts'
import { holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import type { Hold } from '../../ports/register/files.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page, Table } from '../layout.tsx'
import { clock, many } from '../words.ts'

const endedShown = 30

/** What waits for a person's decision, and what was decided. */
export function holdsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const { open, ended } = ctx.register.read((tx) => ({
    open: tx.files.holds({ state: 'open' }),
    ended: tx.files.endedHolds(endedShown),
  }))
  return page(
    c,
    ctx,
    { title: 'Holds', here: '/holds' },
    <>
      <h1>Holds</h1>
      <p>
        {open.length === 0 ? 'Intet venter på en afgørelse.' : `${many(open.length, 'venter', 'venter')} på en afgørelse.`} Resten
        af filen er indlæst imens.
      </p>
      <ul class="todo">
        {open.map((hold) => (
          <OpenHold hold={hold} />
        ))}
      </ul>
      <h2>Afgjort</h2>
      <Table
        caption="De seneste afgørelser"
        head={['Afgjort', 'Hold', 'Kommune', 'Hvad', 'Afgørelse', 'Af', 'Begrundelse']}
        rows={ended.map((hold) => [
          clock(hold.decidedAt),
          <a href={`/holds/${hold.holdId}`}>{hold.holdId}</a>,
          kommuneText(hold.kommuneKode),
          `${hold.count} ${sliceWords[hold.slice].da}`,
          holdStateWords[hold.state].da,
          hold.firstBy === null || hold.firstBy === hold.decidedBy
            ? (hold.decidedBy ?? '–')
            : `${hold.firstBy} og ${hold.decidedBy ?? '–'}`,
          hold.reason ?? '',
        ])}
      />
    </>,
  )
}

function OpenHold({ hold }: { hold: Hold }) {
  return (
    <li>
      <h2>
        <a href={`/holds/${hold.holdId}`}>
          {hold.count} {sliceWords[hold.slice].da} i {kommuneText(hold.kommuneKode)}
        </a>
      </h2>
      <p>{causeText(hold).da}.</p>
      <p class="small soft">
        {hold.holdId}, {hold.supplierId}, siden {clock(hold.openedAt)}
        {hold.firstBy === null ? '' : `; ${hold.firstBy} har godkendt, en anden skal også`}
      </p>
    </li>
  )
}
