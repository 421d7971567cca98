import { cutoffOverview } from '../../app/cutoff-overview.ts'
import { dismissJob } from '../../app/dismiss-job.ts'
import { type FailedJob, type FailureGroup, failedJobs, groupOf, resolvedJobs } from '../../app/failed-jobs.ts'
import { resolutionOf } from '../../app/open-failure.ts'
import { requeueJobs } from '../../app/requeue-job.ts'
import type { BilingualText } from '../../domain/bilingual-text.ts'
import { meaningOf } from '../../domain/error-words.ts'
import { SyncError } from '../../domain/errors.ts'
import { actingRole, allows, signatureOf } from '../../domain/roles.ts'
import { ledgerWords } from '../../domain/words.ts'
import type { OutboxDelta } from '../../ports/register/outbox.ts'
import { Ahead } from '../ahead.tsx'
import { clock } from '../clock.ts'
import { type ConsoleContext, type PageContext, type Visitor, visitorOf } from '../context.ts'
import { Field } from '../field.tsx'
import { T } from '../language.tsx'
import { page, Table, Token } from '../layout.tsx'
import { formText, notThere, queryNumber, queryText } from '../query.ts'
import { Hint } from './message.tsx'

const resolvedShown = 30
/** Jobs of a group that are shown; the rest are counted and re-queued with it all the same. */
const jobsShown = 50
const title = { da: 'Fejl', en: 'Failures' }

/** Jobs that wait for a person, by cause, with the buttons to run them again. */
export async function failuresPage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const visitor = visitorOf(c)
  const groups = await failedJobs(ctx)
  const stuck = ctx.register.read((tx) => [...tx.outbox.inState('refused'), ...tx.outbox.inState('mismatched')])
  const count = groups.reduce((sum, { jobs }) => sum + jobs.length, 0)
  const mayAct = allows(visitor.session.person.roller, 'betjene')
  return page(
    c,
    ctx,
    { title, here: '/fejl' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <Outcome c={c} />
      <p>
        <T {...countText(count)} />
      </p>
      {count > 0 ? <Due ctx={ctx} /> : null}
      {count > 0 && mayAct && groups.length > 1 ? (
        <RequeueForm visitor={visitor} field="alt" value="1" label={allText(count)} id="alle" />
      ) : null}
      {groups.map((group) => (
        <Group group={group} visitor={visitor} mayAct={mayAct} />
      ))}
      {mayAct ? null : (
        <p class="soft">
          <T da='At sætte job i kø igen kræver rollen "betjene".' en='Re-queueing jobs takes the role "betjene".' />
        </p>
      )}
      <Stuck deltas={stuck} />
      <Resolved jobs={resolvedJobs(ctx, resolvedShown)} />
      {mayAct ? (
        <p>
          <a href="/koer">
            <T da="Køerne, som de står i Redis" en="The queues, as they stand in Redis" />
          </a>{' '}
          <T da="(kun til at se på)" en="(to look at only)" />
        </p>
      ) : null}
    </>,
  )
}

function countText(count: number): BilingualText {
  if (count === 0) return { da: 'Ingen job er standset.', en: 'No job has stopped.' }
  return {
    da: `${count} job er standset og venter på et menneske. Fjern årsagen først; et job, der køres igen, ser efter, hvad der allerede er gjort.`,
    en: `${count} ${count === 1 ? 'job has' : 'jobs have'} stopped and ${count === 1 ? 'waits' : 'wait'} for a person. Remove the cause first; a job that is run again looks at what was done already.`,
  }
}

/** What time presses for: the cutoffs that something is due at, as they stand before anything is re-queued. */
function Due({ ctx }: { ctx: ConsoleContext }) {
  const due = cutoffOverview(ctx).coming.filter((cutoff) => cutoff.forecast !== null)
  return (
    <>
      {due.map((cutoff) => (
        <Ahead cutoff={cutoff} />
      ))}
    </>
  )
}

function allText(count: number): BilingualText {
  return { da: `Sæt alle ${count} i kø igen`, en: `Re-queue all ${count}` }
}

function Stuck({ deltas }: { deltas: readonly OutboxDelta[] }) {
  return (
    <>
      <h2>
        <T da="Ikke taget imod af Unilogin" en="Not taken by Unilogin" />
      </h2>
      <Table
        caption={{
          da: 'Ændringer, som Unilogin har afvist eller viser anderledes',
          en: 'Changes that Unilogin has refused or shows differently',
        }}
        head={[
          { da: 'Nummer', en: 'Number' },
          { da: 'Nat', en: 'Night' },
          { da: 'Svar', en: 'Answer' },
          { da: 'Forsøg', en: 'Tries', isNumber: true },
        ]}
        rows={deltas.map((delta) => [
          <a href={`/institution/${delta.nummer}`}>{delta.nummer}</a>,
          <a href={`/nat/${delta.date}`}>{delta.date}</a>,
          `${delta.replyCode ?? delta.state} ${delta.replyText ?? ''}`,
          delta.attempts,
        ])}
      />
    </>
  )
}

function Resolved({ jobs }: { jobs: ReturnType<typeof resolvedJobs> }) {
  return (
    <>
      <h2>
        <T da="Afgjort" en="Dealt with" />
      </h2>
      <Table
        caption={{ da: 'Hvad der senest er gjort', en: 'What was done last' }}
        head={[
          { da: 'Hvornår', en: 'When' },
          { da: 'Job', en: 'Job' },
          { da: 'Kode', en: 'Code' },
          { da: 'Hvad', en: 'What' },
          { da: 'Af', en: 'By' },
          { da: 'Begrundelse', en: 'Reason' },
        ]}
        rows={jobs.map(({ failure: { resolvedAt, jobId, code, resolvedBy, reason }, how }) => [
          clock(resolvedAt),
          <a class="id" href={`/log?emne=${encodeURIComponent(jobId)}`}>
            {jobId}
          </a>,
          code,
          <T {...ledgerWords[how]} />,
          resolvedBy ?? '',
          reason ?? '',
        ])}
      />
    </>
  )
}

function Outcome({ c }: { c: PageContext }) {
  if (queryText(c, 'opgivet') !== undefined)
    return (
      <div class="banner god" role="status">
        <p>
          <T
            da="Filen er opgivet. Den indlæses ikke, og leverandøren får det at vide."
            en="The file is dismissed. It is not applied, and the supplier is told."
          />
        </p>
      </div>
    )
  if (queryText(c, 'sat') === undefined) return null
  const [done, refused] = [queryNumber(c, 'sat'), queryNumber(c, 'ikke')]
  return (
    <div class={`banner ${refused > 0 ? 'obs' : 'god'}`} role="status">
      <p>
        <T da={`${done} job er sat i kø igen.`} en={`${done} ${done === 1 ? 'job is' : 'jobs are'} in the queue again.`} />
        {refused > 0 ? (
          <T
            da={` ${refused} job blev ikke: nogen nåede det før, eller det ville standse igen; se hvorfor herunder.`}
            en={` ${refused} ${refused === 1 ? 'was' : 'were'} not: somebody was faster, or it would stop again; see why below.`}
          />
        ) : null}
      </p>
    </div>
  )
}

function Group({ group, visitor, mayAct }: { group: FailureGroup; visitor: Visitor; mayAct: boolean }) {
  const { key, job, code, jobs } = group
  const runnable = jobs.filter(({ whyNot }) => whyNot === null).length
  const [first] = jobs
  const some = { da: `Sæt de ${runnable}, der kan, i kø igen`, en: `Re-queue the ${runnable} that can be` }
  const more = jobs.length - jobsShown
  return (
    <section class="box" aria-labelledby={`g-${key}`}>
      <h2 id={`g-${key}`}>
        {job}: <code>{code}</code> ({jobs.length})
      </h2>
      <p>
        <T {...meaningOf(code)} />
      </p>
      <p>
        <b>
          <T da="Gør:" en="Do:" />
        </b>{' '}
        <Hint code={code} hint={first?.failure.hint ?? ''} />
      </p>
      {mayAct && jobs.length > 1 && runnable > 0 ? (
        <RequeueForm
          visitor={visitor}
          field="gruppe"
          value={key}
          label={runnable === jobs.length ? allText(runnable) : some}
          id={`g-${key}`}
        />
      ) : null}
      {jobs.slice(0, jobsShown).map((entry) => (
        <Job entry={entry} visitor={visitor} mayAct={mayAct} />
      ))}
      {more > 0 ? (
        <p class="soft">
          <T da={`og ${more} til.`} en={`and ${more} more.`} />
        </p>
      ) : null}
    </section>
  )
}

/** When errors of a code come; English, as their messages are. */
function Job({ entry, visitor, mayAct }: { entry: FailedJob; visitor: Visitor; mayAct: boolean }) {
  const { failure, history, forecast, whyNot, whyNotDismiss } = entry
  const { jobId, message, dataState, payload, failedAt } = failure
  return (
    <details id={jobId}>
      <summary>
        {clock(failedAt)} <span class="id">{jobId}</span>
        {whyNot === null ? null : <T da=" – kan ikke køres igen" en=" – cannot be run again" />}
      </summary>
      <p lang="en">{message}</p>
      <p lang="en">
        <b>
          <T da="Data:" en="Data:" />
        </b>{' '}
        {dataState}
      </p>
      <pre>{payload}</pre>
      {history.length === 0 ? null : (
        <ul class="small">
          {history.map(({ at, type, facts }) => (
            <li>
              {clock(at)}: <T {...ledgerWords[type]} />, {String(facts['by'] ?? '')}: {String(facts['reason'] ?? '')}
            </li>
          ))}
        </ul>
      )}
      {whyNot === null ? (
        <p>
          <T da={`Køres det igen: ${forecast.da}.`} en={`If it is run again: ${forecast.en}.`} />
        </p>
      ) : (
        <p class="obs-text">
          <T {...whyNot} />
        </p>
      )}
      {mayAct && whyNot === null ? (
        <RequeueForm visitor={visitor} field="job" value={jobId} label={{ da: 'Sæt i kø igen', en: 'Re-queue' }} id={jobId} />
      ) : null}
      {mayAct && whyNotDismiss === null ? <DismissForm visitor={visitor} jobId={jobId} /> : null}
    </details>
  )
}

function DismissForm({ visitor, jobId }: { visitor: Visitor; jobId: string }) {
  return (
    <form method="post" action="/fejl/opgiv" class="line">
      <Token visitor={visitor} />
      <input type="hidden" name="job" value={jobId} />
      <Reason id={`o-${jobId}`} />
      <button type="submit" class="danger">
        <T da="Opgiv filen: den indlæses ikke" en="Dismiss: the file is not applied" />
      </button>
    </form>
  )
}

function Reason({ id }: { id: string }) {
  return (
    <Field id={id} label={{ da: 'Begrundelse', en: 'Reason' }} wide>
      <input type="text" id={id} name="begrundelse" required maxlength={500} />
    </Field>
  )
}

function RequeueForm({
  visitor,
  field,
  value,
  label,
  id,
}: {
  visitor: Visitor
  field: 'job' | 'gruppe' | 'alt'
  value: string
  label: BilingualText
  id: string
}) {
  return (
    <form method="post" action="/fejl" class="line">
      <Token visitor={visitor} />
      <input type="hidden" name={field} value={value} />
      <Reason id={`b-${id}`} />
      <button type="submit">
        <T {...label} />
      </button>
    </form>
  )
}

/** Re-queues one job, a group or all, by the same use case as the command line. */
export async function requeue(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const [job, gruppe, alt] = [await formText(c, 'job'), await formText(c, 'gruppe'), await formText(c, 'alt')]
  const open = ctx.register.read((tx) => tx.failures.open())
  const chosen =
    job !== '' ? [job] : open.filter((failure) => alt === '1' || groupOf(failure) === gruppe).map(({ jobId }) => jobId)
  if (job === '' && gruppe === '' && alt !== '1') throw notThere('no job')
  const by = signatureOf(visitorOf(c).session.person)
  const results = await requeueJobs(ctx, chosen, by, await formText(c, 'begrundelse'))
  const [only] = results
  if (job !== '' && isRepeat(ctx, job, by, 'requeue')) return c.redirect('/fejl?sat=1', 303)
  if (job !== '' && only?.refusal != null) throw only.refusal
  const done = results.filter(({ refusal }) => refusal === null).length
  return c.redirect(`/fejl?sat=${done}&ikke=${results.length - done}`, 303)
}

/** Gives a file up, by the same use case as the command line. */
export async function dismiss(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const jobId = await formText(c, 'job')
  const { person } = visitorOf(c).session
  const by = signatureOf(person)
  const role = actingRole(person.roller, 'betjene')
  try {
    await dismissJob(ctx, { jobId, by, role, reason: await formText(c, 'begrundelse') })
  } catch (error) {
    if (!(error instanceof SyncError) || !isRepeat(ctx, jobId, by, 'dismissal')) throw error
  }
  return c.redirect('/fejl?opgivet=1', 303)
}

/** True when the same person has just done the same: a double click is not told that somebody was faster. */
function isRepeat(ctx: ConsoleContext, jobId: string, by: string, how: 'requeue' | 'dismissal'): boolean {
  return ctx.register.read((tx) => tx.failures.find(jobId)?.resolvedBy === by && resolutionOf(tx, jobId) === how)
}
