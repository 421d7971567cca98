import type { Command } from 'commander'
import { requeueJob } from '../app/requeue-job.ts'
import { toSecond } from '../domain/time.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** `dagtilbud jobs list|requeue`: jobs that used up their attempts. */
export function registerJobs(cli: Command, parts: Parts): void {
  const jobs = cli.command('jobs').description('see and re-queue jobs that have failed')

  jobs
    .command('list')
    .description('jobs that wait for a person')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const failures = register.register.read((tx) => tx.failures.open())
        if (options.json) return printJson(failures)
        if (failures.length === 0) return print('Ingen job venter.')
        for (const { jobId, code, message, dataState, hint, failedAt } of failures)
          print(`${jobId}  ${code}, ${toSecond(failedAt)}\n    ${message}\n    data: ${dataState}\n    do: ${hint}`)
      } finally {
        await close()
      }
    })

  jobs
    .command('requeue')
    .argument('<job>', 'the id that `jobs list` shows')
    .description('run a failed job again')
    .requiredOption('--by <name>', 'who decides')
    .requiredOption('--reason <text>', 'why')
    .action(async (jobId: string, { by, reason }: { by: string; reason: string }) => {
      const program = await parts.openQueue(parts.loadSettings())
      try {
        await requeueJob(program.operator, jobId, by, reason)
        print(`${jobId} er sat i kø igen.`)
      } finally {
        await program.close()
      }
    })
}
