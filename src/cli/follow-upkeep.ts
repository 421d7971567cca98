import type { RegisterContext } from '../app/context.ts'
import { dueUpkeep } from '../app/upkeep.ts'
import { jobIdOf } from '../ports/jobs.ts'
import { follow } from './follow.ts'

/** Waits until what is due after a night has been done, or its job has failed and waits for a person. */
export async function followUpkeep(ctx: RegisterContext): Promise<void> {
  const isUnderWay = () =>
    ctx.register.read((tx) => {
      const failed = new Set(tx.failures.open().map((failure) => failure.jobId))
      return dueUpkeep(ctx, tx).some((request) => !failed.has(jobIdOf(request)))
    })
  await follow(isUnderWay, (underWay) => !underWay)
}
