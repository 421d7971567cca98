import { inBoth, same } from '../../domain/bilingual-text.ts'
import { causeText } from '../../domain/hold-causes.ts'
import { holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import type { Hold } from '../../ports/register/files.ts'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { T } from '../language.tsx'
import { page, Table } from '../layout.tsx'

const endedShown = 30
const title = { da: 'Holds', en: 'Holds' }

/** What waits for a person's decision, and what was decided. */
export function holdsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const { open, ended } = ctx.register.read((tx) => ({
    open: tx.files.holds({ state: 'open' }),
    ended: tx.files.endedHolds(endedShown),
  }))
  return page(
    c,
    ctx,
    { title, here: '/holds' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <p>
        <T {...waitingText(open.length)} />{' '}
        <T da="Resten af filen er indlæst imens." en="The rest of the file is applied meanwhile." />
      </p>
      <ul class="todo">
        {open.map((hold) => (
          <OpenHold hold={hold} />
        ))}
      </ul>
      <h2>
        <T da="Afgjort" en="Decided" />
      </h2>
      <Table
        caption={{ da: 'De seneste afgørelser', en: 'The last decisions' }}
        head={[
          { da: 'Afgjort', en: 'Decided' },
          { da: 'Hold', en: 'Hold' },
          { da: 'Kommune', en: 'Municipality' },
          { da: 'Hvad', en: 'What' },
          { da: 'Afgørelse', en: 'Decision' },
          { da: 'Af', en: 'By' },
          { da: 'Begrundelse', en: 'Reason' },
        ]}
        rows={ended.map((hold) => [
          clock(hold.decidedAt),
          <a href={`/holds/${hold.holdId}`}>{hold.holdId}</a>,
          kommuneText(hold.kommuneKode),
          <T {...whatOf(hold)} />,
          <T {...holdStateWords[hold.state]} />,
          <Deciders hold={hold} />,
          hold.reason ?? '',
        ])}
      />
    </>,
  )
}

function waitingText(count: number) {
  if (count === 0) return { da: 'Intet venter på en afgørelse.', en: 'Nothing waits for a decision.' }
  return { da: `${count} venter på en afgørelse.`, en: `${count} ${count === 1 ? 'waits' : 'wait'} for a decision.` }
}

function whatOf({ count, slice }: Hold) {
  return inBoth((say) => `${count} ${say(sliceWords[slice])}`)
}

function Deciders({ hold: { firstBy, decidedBy } }: { hold: Hold }) {
  const last = decidedBy ?? '–'
  const both = { da: `${firstBy} og ${last}`, en: `${firstBy} and ${last}` }
  return <T {...(firstBy === null || firstBy === decidedBy ? same(last) : both)} />
}

function OpenHold({ hold }: { hold: Hold }) {
  const { holdId, supplierId, firstBy } = hold
  const [what, kommune, since] = [whatOf(hold), kommuneText(hold.kommuneKode), clock(hold.openedAt)]
  return (
    <li>
      <h2>
        <a href={`/holds/${holdId}`}>
          <T da={`${what.da} i ${kommune}`} en={`${what.en} in ${kommune}`} />
        </a>
      </h2>
      <p>
        <T {...causeText(hold)} />.
      </p>
      <p class="small soft">
        <T da={`${holdId}, ${supplierId}, siden ${since}`} en={`${holdId}, ${supplierId}, since ${since}`} />
        {firstBy === null ? null : (
          <T da={`; ${firstBy} har godkendt, en anden skal også`} en={`; ${firstBy} has approved, another person must, too`} />
        )}
      </p>
    </li>
  )
}
