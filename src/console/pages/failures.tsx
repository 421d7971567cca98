import { type FailedJob, type FailureGroup, failedJobs, groupOf } from '../../app/failed-jobs.ts'
import { requeueJobs } from '../../app/requeue-job.ts'
import { errorCodes } from '../../domain/error-codes.ts'
import { allows, signatureOf } from '../../domain/roles.ts'
import { type ConsoleContext, type PageContext, type Visitor, visitorOf } from '../context.ts'
import { page, Table, Token } from '../layout.tsx'
import { formText, notThere, queryNumber, queryText } from '../query.ts'
import { clock, many } from '../words.ts'

const resolvedShown = 30
/** Jobs of a group that are shown; the rest are counted and re-queued with it all the same. */
const jobsShown = 50

/** Jobs that wait for a person, by cause, with the buttons to run them again. */
export async function failuresPage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const visitor = visitorOf(c)
  const groups = await failedJobs(ctx)
  const { resolved, stuck } = ctx.register.read((tx) => ({
    resolved: tx.failures.resolved(resolvedShown),
    stuck: [...tx.outbox.inState('refused'), ...tx.outbox.inState('mismatched')],
  }))
  const count = groups.reduce((sum, { jobs }) => sum + jobs.length, 0)
  const mayAct = allows(visitor.session.person.roller, 'betjene')
  return page(
    c,
    ctx,
    { title: 'Fejl', here: '/fejl' },
    <>
      <h1>Fejl</h1>
      <Outcome c={c} />
      <p>
        {count === 0
          ? 'Ingen job er standset.'
          : `${many(count, 'job er standset', 'job er standset')} og venter på et menneske. Fjern årsagen først; et job, der køres igen, ser efter, hvad der allerede er gjort.`}
      </p>
      {count > 0 && mayAct && groups.length > 1 ? (
        <RequeueForm visitor={visitor} field="alt" value="1" label={`Sæt alle ${count} i kø igen`} id="alle" />
      ) : null}
      {groups.map((group) => (
        <Group group={group} visitor={visitor} mayAct={mayAct} />
      ))}
      {mayAct ? null : <p class="soft">At sætte job i kø igen kræver rollen "betjene".</p>}
      <h2>Ikke taget imod af Unilogin</h2>
      <Table
        caption="Ændringer, som Unilogin har afvist eller viser anderledes"
        empty="Ingen."
        head={['Nummer', 'Nat', 'Svar', '#Forsøg']}
        rows={stuck.map((delta) => [
          <a href={`/institution/${delta.nummer}`}>{delta.nummer}</a>,
          <a href={`/nat/${delta.date}`}>{delta.date}</a>,
          `${delta.replyCode ?? delta.state} ${delta.replyText ?? ''}`,
          delta.attempts,
        ])}
      />
      <h2>Sat i kø igen</h2>
      <Table
        caption="Hvad der senest er gjort"
        head={['Hvornår', 'Job', 'Kode', 'Af', 'Begrundelse']}
        rows={resolved.map((row) => [
          clock(row.resolvedAt),
          <a class="id" href={`/log?emne=${encodeURIComponent(row.jobId)}`}>
            {row.jobId}
          </a>,
          row.code,
          row.resolvedBy ?? '',
          row.reason ?? '',
        ])}
      />
      {mayAct ? (
        <p>
          <a href="/koer">Køerne, som de står i Redis</a> (kun til at se på)
        </p>
      ) : null}
    </>,
  )
}

function Outcome({ c }: { c: PageContext }) {
  if (queryText(c, 'sat') === undefined) return null
  const [done, refused] = [queryNumber(c, 'sat'), queryNumber(c, 'ikke')]
  return (
    <div class={`banner ${refused > 0 ? 'obs' : 'god'}`} role="status">
      <p>
        {many(done, 'job er sat', 'job er sat')} i kø igen.
        {refused > 0
          ? ` ${many(refused, 'job blev', 'job blev')} ikke: nogen nåede det før, eller det ville standse igen; se hvorfor herunder.`
          : ''}
      </p>
    </div>
  )
}

function Group({ group, visitor, mayAct }: { group: FailureGroup; visitor: Visitor; mayAct: boolean }) {
  const { key, job, code, jobs } = group
  const runnable = jobs.filter(({ whyNot }) => whyNot === null).length
  const [first] = jobs
  return (
    <section class="box" aria-labelledby={`g-${key}`}>
      <h2 id={`g-${key}`}>
        {job}: <code>{code}</code> ({jobs.length})
      </h2>
      <p lang="en">{errorCodes[code as keyof typeof errorCodes] ?? 'a fault of ours; see the log'}</p>
      <p lang="en">
        <b>Do:</b> {first?.failure.hint}
      </p>
      {mayAct && jobs.length > 1 && runnable > 0 ? (
        <RequeueForm
          visitor={visitor}
          field="gruppe"
          value={key}
          label={runnable === jobs.length ? `Sæt alle ${runnable} i kø igen` : `Sæt de ${runnable}, der kan, i kø igen`}
          id={`g-${key}`}
        />
      ) : null}
      {jobs.slice(0, jobsShown).map((entry) => (
        <Job entry={entry} visitor={visitor} mayAct={mayAct} />
      ))}
      {jobs.length > jobsShown ? <p class="soft">og {jobs.length - jobsShown} til.</p> : null}
    </section>
  )
}

function Job({ entry: { failure, history, whyNot }, visitor, mayAct }: { entry: FailedJob; visitor: Visitor; mayAct: boolean }) {
  const { jobId, message, dataState, payload, failedAt } = failure
  return (
    <details id={jobId}>
      <summary>
        {clock(failedAt)} <span class="id">{jobId}</span>
        {whyNot === null ? '' : ' – kan ikke køres igen endnu'}
      </summary>
      <p lang="en">{message}</p>
      <p lang="en">
        <b>Data:</b> {dataState}
      </p>
      <pre>{payload}</pre>
      {history.length === 0 ? null : (
        <ul class="small">
          {history.map(({ at, facts }) => (
            <li>
              {clock(at)}: sat i kø igen af {String(facts['by'] ?? '')}: {String(facts['reason'] ?? '')}
            </li>
          ))}
        </ul>
      )}
      {whyNot === null ? null : <p class="obs-text">{whyNot.da}</p>}
      {mayAct && whyNot === null ? (
        <RequeueForm visitor={visitor} field="job" value={jobId} label="Sæt i kø igen" id={jobId} />
      ) : null}
    </details>
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
  label: string
  id: string
}) {
  return (
    <form method="post" action="/fejl" class="line">
      <Token visitor={visitor} />
      <input type="hidden" name={field} value={value} />
      <div class="wide">
        <label for={`b-${id}`}>Begrundelse</label>
        <input type="text" id={`b-${id}`} name="begrundelse" required maxlength={500} />
      </div>
      <button type="submit">{label}</button>
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
  // A double click is not told that somebody was faster.
  if (job !== '' && ctx.register.read((tx) => tx.failures.find(job))?.resolvedBy === by) return c.redirect('/fejl?sat=1', 303)
  if (job !== '' && only?.refusal != null) throw only.refusal
  const done = results.filter(({ refusal }) => refusal === null).length
  return c.redirect(`/fejl?sat=${done}&ikke=${results.length - done}`, 303)
}
