import { z } from 'zod'
import { fileStates } from '../../src/domain/flow.ts'
import { linkRelations } from '../../src/domain/lineage.ts'
import { roles } from '../../src/domain/roles.ts'
import { count, DescribedChange, date, Header, Hold, instant, KeptFinding, Slice, sha256, text } from './parts.ts'

/** `hold list`. */
export const HoldsDocument = z.strictObject({ format: z.literal('dagtilbud-holds-1'), holds: z.array(Hold) })

/** `hold show`. */
export const HoldDocument = z.strictObject({
  format: z.literal('dagtilbud-hold-1'),
  hold: Hold,
  fileName: z.string(),
  changes: z.array(DescribedChange),
  needsSecondPerson: z.boolean(),
})

/** `hold approve` and `hold refuse`: the hold as it stands afterwards. */
export const DecisionDocument = z.strictObject({ format: z.literal('dagtilbud-afgoerelse-1'), hold: Hold })

/** `plan`. */
export const PlanDocument = z.strictObject({
  format: z.literal('dagtilbud-plan-1'),
  file: z.string(),
  sha256,
  supplierId: z.string(),
  date,
  fileId: z.string(),
  known: z.enum(fileStates).nullable(),
  header: Header.nullable(),
  rejected: z.boolean(),
  counts: z.strictObject({ read: count, changed: count, unchanged: count, held: count, rejected: count }),
  findings: z.array(KeptFinding),
  findingCounts: z.record(z.string(), count),
  plan: z
    .strictObject({
      planHash: sha256,
      baseVersion: count,
      operations: z.record(z.string(), count),
      changes: z.array(DescribedChange),
      held: z.array(DescribedChange),
      slices: z.array(Slice),
      links: z.array(
        z.strictObject({
          fromNummer: z.string(),
          to: z.strictObject({ nummer: z.string().nullable(), lokalId: z.string().nullable() }),
          relation: z.enum(linkRelations),
        }),
      ),
    })
    .nullable(),
})

const FailedJob = z.strictObject({
  jobId: z.string(),
  queue: z.string(),
  job: z.string(),
  /** The job's payload as JSON text. */
  payload: z.string(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  dataState: z.string(),
  failedAt: instant,
  resolvedAt: instant.nullable(),
  resolvedBy: z.string().nullable(),
  reason: z.string().nullable(),
})

/** `jobs list`: by cause, the cause that struck last first. */
export const JobsDocument = z.strictObject({
  format: z.literal('dagtilbud-jobs-1'),
  grupper: z.array(
    z.strictObject({
      /** What `jobs requeue --group` takes. */
      gruppe: z.string(),
      trin: z.string(),
      kode: z.string(),
      jobs: z.array(
        FailedJob.extend({
          /** What running it again would come to. */
          prognose: text,
          /** Why it may not run again; null when it may. */
          hvorforIkke: text.nullable(),
          kanOpgives: z.boolean(),
        }),
      ),
    }),
  ),
})

/** `jobs requeue`: the jobs that are in their queues again, and those that are not. */
export const RequeuedDocument = z.strictObject({
  format: z.literal('dagtilbud-genkoe-1'),
  sat: z.array(z.string()),
  ikke: z.array(z.strictObject({ job: z.string(), grund: z.string() })),
})

/** `jobs dismiss`. */
export const DismissedDocument = z.strictObject({
  format: z.literal('dagtilbud-opgivelse-1'),
  job: z.string(),
  fil: z.string(),
  rolle: z.enum(roles),
})
