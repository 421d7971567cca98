import type { ChangePlan, SliceVerdict } from '../domain/change-plan.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import { type DescribedChange, describeChanges } from '../domain/describe-changes.ts'
import type { Finding } from '../domain/finding.ts'
import type { FileState } from '../domain/flow.ts'
import { canonicalJson, sha256Hex } from '../domain/ids.ts'
import type { StagedRecord } from '../domain/unit.ts'
import type { RegisterTx } from '../ports/register.ts'
import { buildPlan, plannedBy } from './build-plan.ts'
import { checkContent } from './check-content.ts'
import type { RegisterContext } from './context.ts'
import { declaredBy, fileIdOf } from './file-id.ts'
import type { ValidateInput } from './intake-files.ts'
import { countFindings, countOperations } from './plan-changes.ts'
import { judgeValidation } from './record-validation.ts'
import { unsifted } from './sift-file.ts'

/** What a file would do to the register if it came now. */
export interface PlanPreview {
  readonly fileId: string
  /** Where the file stands already; null when the register has not seen it. */
  readonly known: FileState | null
  readonly header: DeliveryHeader | null
  readonly rejected: boolean
  readonly counts: {
    readonly read: number
    readonly changed: number
    readonly unchanged: number
    readonly held: number
    readonly rejected: number
  }
  readonly findings: readonly Finding[]
  readonly findingCounts: Readonly<Record<string, number>>
  /** Null when the file as a whole would be refused. */
  readonly plan: {
    readonly planHash: string
    readonly baseVersion: number
    readonly operations: Readonly<Record<string, number>>
    readonly changes: readonly DescribedChange[]
    readonly held: readonly DescribedChange[]
    readonly slices: readonly SliceVerdict[]
    readonly links: ChangePlan['links']
  } | null
}

/**
 * Validates and plans a file by the code of the night, and writes nothing. The plan is the one the night would make if the
 * file came next: the same bytes on the same register give the same hash.
 */
export async function previewPlan(
  ctx: RegisterContext,
  input: ValidateInput,
  content: AsyncIterable<Uint8Array>,
): Promise<PlanPreview> {
  const records: StagedRecord[] = []
  const result = await checkContent(ctx.settings, input, content, (record) => void records.push(record))
  const { supplierId, date, sha256, name } = input
  const fileId = fileIdOf({ supplierId, sha256, declared: declaredBy(name) })
  return ctx.register.read((tx) => {
    const { header, ruleSet, counts, rejectedRefs, rejectedWithoutKey } = result
    const judged = judgeValidation(tx, input, result)
    const seen = { fileId, known: tx.files.find(fileId)?.state ?? null, header, ...judged }
    if (header === null || judged.rejected) {
      const none = { read: counts.read, changed: 0, unchanged: 0, held: 0, rejected: counts.read }
      return { ...seen, rejected: true, counts: none, plan: null }
    }
    const checked = { fileId, date, header, ruleSet, rejectedRefs, rejectedWithoutKey, ...plannedBy(ctx.settings, input) }
    const plan = buildPlan(tx, ctx.settings, { ...checked, ...unsifted(tx, header.kommuneKode, records, rejectedRefs) })
    return {
      ...seen,
      counts: { ...plan.counts, read: counts.read, rejected: counts.rejected + plan.counts.rejected },
      findings: [...judged.findings, ...plan.findings],
      findingCounts: countFindings(judged.findingCounts, plan),
      plan: toPlanView(tx, plan),
    }
  })
}

function toPlanView(tx: RegisterTx, plan: ChangePlan): NonNullable<PlanPreview['plan']> {
  const named = [...plan.changes, ...plan.held].flatMap(({ nummer }) => (nummer === null ? [] : [nummer]))
  const units = new Map(tx.units.byNumbers([...new Set(named)]).map((unit) => [unit.nummer, unit]))
  const before = (nummer: string) => units.get(nummer)
  return {
    planHash: sha256Hex(canonicalJson(plan)),
    baseVersion: plan.baseVersion,
    operations: countOperations(plan),
    changes: describeChanges(plan.changes, before),
    held: describeChanges(plan.held, before),
    slices: plan.slices,
    links: plan.links,
  }
}
