import { decideHold } from '../../app/decide-hold.ts'
import { type HoldView, showHold } from '../../app/show-hold.ts'
import { SyncError } from '../../domain/errors.ts'
import { causeText } from '../../domain/hold-causes.ts'
import { allows, signatureOf } from '../../domain/roles.ts'
import { holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import type { Hold } from '../../ports/register/files.ts'
import { Changes } from '../changes.tsx'
import { clock } from '../clock.ts'
import { type ConsoleContext, type PageContext, visitorOf } from '../context.ts'
import { T } from '../language.tsx'
import { Facts, page, Token } from '../layout.tsx'
import { formText, notThere, queryText } from '../query.ts'

/** Changes that are listed; the rest are counted. */
const changesShown = 200

/** A hold: what it is about, why it waits, and the form to decide it. */
export async function holdPage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const view = await showHold(ctx, c.req.param('id') ?? '')
  const { hold, changes } = view
  const [what, kommune] = [sliceWords[hold.slice], kommuneText(hold.kommuneKode)]
  const title = { da: `${hold.count} ${what.da} i ${kommune}`, en: `${hold.count} ${what.en} in ${kommune}` }
  const more = changes.length - changesShown
  return page(
    c,
    ctx,
    { title, here: '/holds' },
    <>
      <h1>
        <T {...title} />
      </h1>
      {queryText(c, 'ok') === undefined ? null : <Noted hold={hold} />}
      <Standing view={view} />
      <Facts
        facts={[
          {
            name: { da: 'Ændringer', en: 'Changes' },
            value: hold.count,
            more: <T da={`af ${hold.of} enheder`} en={`of ${hold.of} units`} />,
          },
          { name: { da: 'Går igennem uden et menneske', en: 'Pass without a person' }, value: hold.allowed ?? '–' },
          { name: { da: 'Venter siden', en: 'Waits since' }, value: <span class="small">{clock(hold.openedAt)}</span> },
        ]}
      />
      <Source view={view} />
      {hold.state === 'open' ? <Decision c={c} view={view} /> : null}
      <h2>
        <T da="Ændringerne" en="The changes" />
      </h2>
      <Changes
        caption={{ da: 'Hvad der holdes tilbage', en: 'What is held' }}
        changes={changes.slice(0, changesShown)}
        fileId={hold.fileId}
      />
      {more > 0 ? (
        <p class="soft">
          <T da={`og ${more} til; se filens plan.`} en={`and ${more} more; see the plan of the file.`} />
        </p>
      ) : null}
    </>,
  )
}

function Noted({ hold: { state } }: { hold: Hold }) {
  const { da, en } = holdStateWords[state]
  return (
    <div class="banner god" role="status">
      <p>
        {state === 'open' ? (
          <T
            da="Din godkendelse er noteret. En anden person skal også godkende."
            en="Your approval is noted. Another person must approve, too."
          />
        ) : (
          <T da={`Afgørelsen er noteret: ${da}.`} en={`The decision is noted: ${en}.`} />
        )}
      </p>
    </div>
  )
}

function Source({ view: { hold, fileName } }: { view: HoldView }) {
  return (
    <p class="soft small">
      <a href={`/filer/${hold.fileId}`}>{fileName}</a>{' '}
      <T da={`fra ${hold.supplierId}, nat`} en={`from ${hold.supplierId}, night`} /> <a href={`/nat/${hold.date}`}>{hold.date}</a>
      , {hold.holdId}
    </p>
  )
}

function Standing({ view: { hold, needsSecondPerson } }: { view: HoldView }) {
  if (hold.state !== 'open') return <Decided hold={hold} />
  return (
    <div class="banner daarlig">
      <p>
        <b>
          <T da="Hvorfor:" en="Why:" />
        </b>{' '}
        <T {...causeText(hold)} />.
      </p>
      {needsSecondPerson ? (
        <p>
          <T da="Det kræver to personer." en="It takes two persons." /> <T {...firstText(hold)} />
        </p>
      ) : null}
    </div>
  )
}

function firstText({ firstBy, firstAt, firstReason }: Hold) {
  if (firstBy === null) return { da: 'Ingen har godkendt endnu.', en: 'Nobody has approved yet.' }
  const said = `${clock(firstAt)}: "${firstReason}"`
  return {
    da: `${firstBy} godkendte ${said}. En anden skal også.`,
    en: `${firstBy} approved ${said}. Another person must, too.`,
  }
}

function Decided({ hold }: { hold: Hold }) {
  const { decidedBy, firstBy, firstReason } = hold
  return (
    <div class="banner">
      <p>
        <b>
          <T {...holdStateWords[hold.state]} />
        </b>{' '}
        {clock(hold.decidedAt)}
        {decidedBy === null ? null : <T da={` af ${decidedBy}`} en={` by ${decidedBy}`} />}
        {firstBy === null || firstBy === decidedBy ? null : (
          <T da={` (første godkendelse: ${firstBy}, "${firstReason}")`} en={` (first approval: ${firstBy}, "${firstReason}")`} />
        )}
        : {hold.reason}
      </p>
    </div>
  )
}

function Decision({ c, view: { hold } }: { c: PageContext; view: HoldView }) {
  const visitor = visitorOf(c)
  const { person } = visitor.session
  if (!allows(person.roller, 'godkende'))
    return (
      <p class="soft">
        <T da='At afgøre det kræver rollen "godkende".' en='Deciding it takes the role "godkende".' />
      </p>
    )
  const who = signatureOf(person)
  return (
    <form method="post" action={`/holds/${hold.holdId}`} class="box">
      <Token visitor={visitor} />
      <p>
        <label for="begrundelse">
          <T da="Begrundelse" en="Reason" />
        </label>
        <input type="text" id="begrundelse" name="begrundelse" required maxlength={500} aria-describedby="hjaelp" />
      </p>
      <p class="small soft" id="hjaelp">
        <T
          da={`Står i revisionssporet sammen med ${who}. Godkendelsen gælder netop disse ændringer: kommer der noget andet ud, når filen planlægges igen, holdes det tilbage på ny.`}
          en={`Stands in the audit trail together with ${who}. An approval is for these very changes: if something else comes out when the file is planned again, it is held anew.`}
        />
      </p>
      <div class="buttons">
        <button type="submit" name="afgoerelse" value="approved">
          <T da="Godkend ændringerne" en="Approve the changes" />
        </button>
        <button type="submit" name="afgoerelse" value="refused" class="danger">
          <T da="Afvis: registret forbliver, som det er" en="Refuse: the register stays as it is" />
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
