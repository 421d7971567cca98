import type { Command } from 'commander'
import { requeueJob } from '../app/requeue-job.ts'
import { type BilingualText, same } from '../domain/bilingual-text.ts'
import { toSecond } from '../domain/time.ts'
import type { JobFailure } from '../ports/register.ts'
import { example } from './example.ts'
import { lines } from './lines.ts'
import { asJson, byWhom, why } from './option-texts.ts'
import type { Parts } from './program.ts'
import { explained } from './render-error.ts'
import type { Screen } from './screen.ts'
import { withQueue, withRegister } from './with-program.ts'

/** `dagtilbud jobs list|requeue`: jobs that used up their attempts. */
export function registerJobs(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  const jobs = cli
    .command('jobs')
    .description(say({ da: 'se job, der er standset, og sæt dem i kø igen', en: 'see and re-queue jobs that have failed' }))

  jobs
    .command('list')
    .description(say({ da: 'job, der venter på en person', en: 'jobs that wait for a person' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud jobs list'))
    .action((options: { json?: boolean }) =>
      withRegister(parts, ({ register }) => {
        const failures = register.read((tx) => tx.failures.open())
        if (options.json) printJson({ format: 'dagtilbud-jobs-1', jobs: failures })
        else if (failures.length === 0) print({ da: 'Ingen job venter.', en: 'No job waits.' })
        else print(lines(...failures.map(renderFailure)))
      }),
    )

  jobs
    .command('requeue')
    .argument('<job>', say({ da: 'det id, som `jobs list` viser', en: 'the id that `jobs list` shows' }))
    .description(say({ da: 'kør et standset job igen', en: 'run a failed job again' }))
    .requiredOption('--by <name>', say(byWhom))
    .requiredOption('--reason <text>', say(why))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud jobs requeue push.b-1 --by "Anna Holm" --reason "Unilogin svarer igen"'))
    .action((jobId: string, { by, reason, json }: { by: string; reason: string; json?: boolean }) =>
      withQueue(parts, async ({ operator }) => {
        await requeueJob(operator, jobId, by, reason)
        if (json) printJson({ format: 'dagtilbud-genkoe-1', job: jobId })
        else print({ da: `${jobId} er sat i kø igen.`, en: `${jobId} is in its queue again.` })
      }),
    )
}

function renderFailure(failure: JobFailure): BilingualText {
  const { jobId, code, failedAt } = failure
  return lines(same(`${jobId}  ${code}, ${toSecond(failedAt)}`), explained(failure, 4))
}
