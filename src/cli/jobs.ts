import { type Command, Option } from 'commander'
import { dismissJob } from '../app/dismiss-job.ts'
import { type FailedJob, type FailureGroup, failedJobs, groupOf } from '../app/failed-jobs.ts'
import { requeueJob, requeueJobs } from '../app/requeue-job.ts'
import { type BilingualText, inBoth, same } from '../domain/bilingual-text.ts'
import { lines, sections } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import type { Role } from '../domain/roles.ts'
import { toSecond } from '../domain/time.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { asJson, byWhom, why } from './option-texts.ts'
import type { Parts } from './program.ts'
import { whatNow } from './render-error.ts'
import type { Screen } from './screen.ts'
import { withQueue, withRegister } from './with-program.ts'

interface RequeueOptions {
  readonly group?: string
  readonly all?: boolean
  readonly by: string
  readonly reason: string
  readonly json?: boolean
}

interface DismissOptions {
  readonly by: string
  readonly role: Role
  readonly reason: string
  readonly json?: boolean
}

/** `dagtilbud jobs list|requeue|dismiss`: jobs that used up their attempts. */
export function registerJobs(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  const jobs = cli
    .command('jobs')
    .description(say({ da: 'se job, der er standset, og afgør dem', en: 'see jobs that have failed, and deal with them' }))
  const aJob = say({ da: 'det id, som `jobs list` viser', en: 'the id that `jobs list` shows' })

  jobs
    .command('list')
    .description(
      say({
        da: 'job, der venter på en person, efter årsag; hvad der sker, hvis de køres igen',
        en: 'jobs that wait for a person, by cause; what happens if they are run again',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud jobs list'))
    .action((options: { json?: boolean }) =>
      withRegister(parts, async (register) => {
        const groups = await failedJobs(register)
        if (options.json) printJson({ format: 'dagtilbud-jobs-1', grupper: groups.map(toDocument) })
        else if (groups.length === 0) print({ da: 'Ingen job venter.', en: 'No job waits.' })
        else print(sections(...groups.map(renderGroup)))
      }),
    )

  jobs
    .command('requeue')
    .argument('[job]', aJob)
    .description(
      say({
        da: 'kør et standset job igen, dem alle med en årsag, eller dem alle; 1, når nogle blev stående',
        en: 'run a failed job again, all of one cause, or all; exit 1 when some stay',
      }),
    )
    .option(
      '--group <group>',
      say({ da: 'alle med den årsag, som `jobs list` viser', en: 'all of a cause that `jobs list` shows' }),
    )
    .option('--all', say({ da: 'alle, der kan', en: 'all that can' }))
    .requiredOption('--by <name>', say(byWhom))
    .requiredOption('--reason <text>', say(why))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud jobs requeue push.b-1 --by "Anna Holm" --reason "Unilogin svarer igen"'))
    .action((jobId: string | undefined, options: RequeueOptions, command: Command) => {
      const { group, all, by, reason, json } = options
      if ([jobId, group, all].filter((asked) => asked !== undefined).length !== 1)
        return command.error('error: name one job, or a group with --group, or give --all')
      return withQueue(parts, async ({ operator, register }) => {
        const open = register.register.read((tx) => tx.failures.open())
        const asked = open.filter((failure) => all === true || groupOf(failure) === group).map((failure) => failure.jobId)
        if (jobId !== undefined) await requeueJob(operator, jobId, by, reason)
        const results = jobId === undefined ? await requeueJobs(operator, asked, by, reason) : [{ jobId, refusal: null }]
        const stay = results.flatMap(({ jobId: job, refusal }) => (refusal === null ? [] : [{ job, grund: refusal.message }]))
        const done = results.filter(({ refusal }) => refusal === null).map((result) => result.jobId)
        if (json) printJson({ format: 'dagtilbud-genkoe-1', sat: done, ikke: stay })
        else print(renderRequeued(done, stay))
        if (stay.length > 0) process.exitCode = exitCodes.no
      })
    })

  jobs
    .command('dismiss')
    .argument('<job>', aJob)
    .description(
      say({
        da: 'opgiv en fil, der aldrig kan behandles: den indlæses ikke, og leverandøren får det at vide',
        en: 'give up a file that can never be processed: it is not applied, and the supplier is told',
      }),
    )
    .requiredOption('--by <name>', say(byWhom))
    .addOption(
      new Option('--role <role>', say({ da: 'i hvilken rolle', en: 'in what role' }))
        .choices(['betjene', 'admin'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', say(why))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud jobs dismiss plan.f-1 --by "Anna Holm" --role betjene --reason "sendes på ny"'))
    .action((jobId: string, { by, role, reason, json }: DismissOptions) =>
      withQueue(parts, async ({ operator }) => {
        const fileId = await dismissJob(operator, { jobId, by, role, reason })
        if (json) printJson({ format: 'dagtilbud-opgivelse-1', job: jobId, fil: fileId, rolle: role })
        else
          print({
            da: `${jobId} er opgivet. Filen ${fileId} indlæses ikke; leverandøren får det at vide.`,
            en: `${jobId} is dismissed. File ${fileId} is not applied; the supplier is told.`,
          })
      }),
    )
}

function renderRequeued(
  done: readonly string[],
  stay: readonly { readonly job: string; readonly grund: string }[],
): BilingualText {
  if (done.length + stay.length === 0) return { da: 'Ingen job passer.', en: 'No job fits.' }
  return lines(
    ...done.map((jobId) => ({ da: `${jobId} er sat i kø igen.`, en: `${jobId} is in its queue again.` })),
    ...stay.map(({ job, grund }) => paragraph({ da: `${job} bliver stående: ${grund}`, en: `${job} stays: ${grund}` })),
  )
}

function renderGroup({ key, jobs }: FailureGroup): BilingualText[] {
  return [same(`${key} (${jobs.length})`), ...jobs.map(renderJob)]
}

function renderJob({ failure, forecast, whyNot, whyNotDismiss }: FailedJob): BilingualText {
  const row = (label: BilingualText, text: BilingualText) =>
    paragraph(
      inBoth((say) => `    ${say(label)} ${say(text)}`),
      6,
    )
  const { jobId, failedAt, message } = failure
  const dismiss = {
    da: `    kan opgives: dagtilbud jobs dismiss ${jobId}`,
    en: `    can be dismissed: dagtilbud jobs dismiss ${jobId}`,
  }
  return lines(
    same(`  ${jobId}  ${toSecond(failedAt)}`),
    paragraph(same(`    ${message}`), 6),
    whatNow(failure, 4),
    whyNot === null
      ? row({ da: 'køres det igen:', en: 'if run again:' }, forecast)
      : row({ da: 'kan ikke køres igen:', en: 'cannot be run again:' }, whyNot),
    ...(whyNotDismiss === null ? [dismiss] : []),
  )
}

function toDocument({ key, job, code, jobs }: FailureGroup) {
  return {
    gruppe: key,
    trin: job,
    kode: code,
    jobs: jobs.map(({ failure, forecast, whyNot, whyNotDismiss }) => ({
      ...failure,
      prognose: forecast,
      hvorforIkke: whyNot,
      kanOpgives: whyNotDismiss === null,
    })),
  }
}
