import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { queueNames } from '../../ports/jobs.ts'

/** Our queues for Bull Board, to be looked at only: who re-queues a job says why, and that is not its place. */
export function viewQueues(redis: Redis, prefix: string): BaseAdapter[] {
  return queueNames.map((name) => new BullMQAdapter(new Queue(name, { connection: redis, prefix }), { readOnlyMode: true }))
}
