import { decideHold } from '../../app/decide-hold.ts'
import { type HoldView, showHold } from '../../app/show-hold.ts'
import { SyncError } from '../../domain/errors.ts'
import { causeText } from '../../domain/hold-causes.ts'
import { allows, signatureOf } from '../../domain/roles.ts'
import { holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import { Changes } from '../changes.tsx'
import { type ConsoleContext, type PageContext, visitorOf } from '../context.ts'
import { Facts, page, Token } from '../layout.tsx'
import { formText, notThere, queryText } from '../query.ts'
import { clock } from '../words.ts'

/** Changes that are listed; the rest are counted. */
const changesShown = 200

/** A hold: what it is about, why it waits, and the form to decide it. */
export async function holdPage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const view = await showHold(ctx, c.req.param('id') ?? '')
  const { hold, fileName, changes } = view
  const what = `${hold.count} ${sliceWords[hold.slice].da} i ${kommuneText(hold.kommuneKode)}`
  return page(
    c,
    ctx,
    { title: what, here: '/holds' },
    <>
      <h1>{what}</h1>
      {queryText(c, 'ok') === undefined ? null : (
        <div class="banner god" role="status">
          <p>
            {hold.state === 'open'
              ? 'Din godkendelse er noteret. En anden person skal også godkende.'
              : `Afgørelsen er noteret: ${holdStateWords[hold.state].da}.`}
          </p>
        </div>
      )}
      <Standing view={view} />
      <Facts
        facts={[
          { name: 'Ændringer', value: hold.count, more: `af ${hold.of} enheder` },
          { name: 'Går igennem uden et menneske', value: hold.allowed ?? '–' },
          { name: 'Venter siden', value: <span class="small">{clock(hold.openedAt)}</span> },
        ]}
      />
      <p class="soft small">
        <a href={`/filer/${hold.fileId}`}>{fileName}</a> fra {hold.supplierId}, nat <a href={`/nat/${hold.date}`}>{hold.date}</a>,{' '}
        {hold.holdId}
      </p>
      {hold.state === 'open' ? <Decision c={c} view={view} /> : null}
      <h2>Ændringerne</h2>
      <Changes caption="Hvad der holdes tilbage" changes={changes.slice(0, changesShown)} fileId={hold.fileId} />
      {changes.length > changesShown ? <p class="soft">og {changes.length - changesShown} til; se filens plan.</p> : null}
    </>,
  )
}

function Standing({ view: { hold, needsSecondPerson } }: { view: HoldView }) {
  if (hold.state !== 'open') {
    return (
      <div class="banner">
        <p>
          <b>{holdStateWords[hold.state].da}</b> {clock(hold.decidedAt)}
          {hold.decidedBy === null ? '' : ` af ${hold.decidedBy}`}
          {hold.firstBy === null || hold.firstBy === hold.decidedBy
            ? ''
            : ` (første godkendelse: ${hold.firstBy}, "${hold.firstReason}")`}
          : {hold.reason}
        </p>
      </div>
    )
  }
  return (
    <div class="banner daarlig">
      <p>
        <b>Hvorfor:</b> {causeText(hold).da}.
      </p>
      {needsSecondPerson ? (
        <p>
          Det kræver to personer.{' '}
          {hold.firstBy === null
            ? 'Ingen har godkendt endnu.'
            : `${hold.firstBy} godkendte ${clock(hold.firstAt)}: "${hold.firstReason}". En anden skal også.`}
        </p>
      ) : null}
    </div>
  )
}

function Decision({ c, view: { hold } }: { c: PageContext; view: HoldView }) {
  const visitor = visitorOf(c)
  const { person } = visitor.session
  if (!allows(person.roller, 'godkende')) return <p class="soft">At afgøre det kræver rollen "godkende".</p>
  return (
    <form method="post" action={`/holds/${hold.holdId}`} class="box">
      <Token visitor={visitor} />
      <p>
        <label for="begrundelse">Begrundelse</label>
        <input type="text" id="begrundelse" name="begrundelse" required maxlength={500} aria-describedby="hjaelp" />
      </p>
      <p class="small soft" id="hjaelp">
        Står i revisionssporet sammen med {signatureOf(person)}. Godkendelsen gælder netop disse ændringer: kommer der noget andet
        ud, når filen planlægges igen, holdes det tilbage på ny.
      </p>
      <div class="buttons">
        <button type="submit" name="afgoerelse" value="approved">
          Godkend ændringerne
        </button>
        <button type="submit" name="afgoerelse" value="refused" class="danger">
          Afvis: registret forbliver, som det er
        </button>
      </div>
    </form>
  )
}

/** Takes a decision, by the same use case as the command line. */
export async function decide(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const holdId = c.req.param('id') ?? ''
  const said = await formText(c, 'afgoerelse')
  if (said !== 'approved' && said !== 'refused') throw notThere('a decision of that kind')
  const by = signatureOf(visitorOf(c).session.person)
  try {
    await decideHold(ctx, { holdId, decision: said, by, reason: await formText(c, 'begrundelse') })
  } catch (error) {
    if (!(error instanceof SyncError) || !isRepeat(ctx, holdId, said, by)) throw error
  }
  return c.redirect(`/holds/${encodeURIComponent(holdId)}?ok=1`, 303)
}

/** True when the same person has just said the same: a double click. */
function isRepeat(ctx: ConsoleContext, holdId: string, said: 'approved' | 'refused', by: string): boolean {
  const hold = ctx.register.read((tx) => tx.files.findHold(holdId))
  return hold?.state === said && hold.decidedBy === by
}
