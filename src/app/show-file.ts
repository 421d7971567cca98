import type { ChangePlan } from '../domain/change-plan.ts'
import { type DescribedChange, describeChanges } from '../domain/describe-changes.ts'
import { FatalError, SyncError } from '../domain/errors.ts'
import type { Finding } from '../domain/finding.ts'
import { type RenderedFinding, renderFinding } from '../domain/rules/render-finding.ts'
import type { DeliveryFile, Hold, PlanRow, Receipt } from '../ports/register/files.ts'
import type { Arrival } from '../ports/register/nights.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { JobFailure } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import type { ReceiptDelivery } from './prepare-receipt.ts'
import { sourceLines } from './source-lines.ts'

/** Findings, changes and deltas on one page. */
export const rowsPerPage = 50
/** Source lines are read for a page of findings where the file is no larger; else one at a time. */
const readWhole = 20_000_000

/** A finding in words, and the line it is about as it stood; null where there is none or it is not read. */
export interface ShownFinding {
  readonly finding: Finding
  readonly text: RenderedFinding
  readonly source: string | null
}

/** A receipt with its text for people. */
export interface ShownReceipt {
  readonly receipt: Receipt
  readonly documents: readonly string[]
  readonly text: string | null
}

export interface FileView {
  readonly file: DeliveryFile
  readonly arrivals: readonly Arrival[]
  readonly findings: { readonly total: number; readonly shown: readonly ShownFinding[] }
  readonly plan: {
    readonly row: PlanRow
    readonly total: number
    readonly shown: readonly DescribedChange[]
    readonly held: number
  } | null
  readonly holds: readonly Hold[]
  readonly deltas: {
    readonly total: number
    readonly shown: readonly OutboxDelta[]
    readonly byState: Readonly<Record<string, number>>
  }
  readonly receipts: readonly ShownReceipt[]
  readonly failures: readonly JobFailure[]
}

/** Everything the register holds of a delivery file. @throws CONSOLE_REQUEST_INVALID */
export async function showFile(
  ctx: RegisterContext,
  fileId: string,
  from: { readonly findings: number; readonly changes: number; readonly deltas: number },
): Promise<FileView> {
  const found = ctx.register.read((tx) => {
    const file = tx.files.find(fileId)
    if (file === null) return null
    return {
      file,
      arrivals: tx.nights.arrivalsOfFile(fileId),
      findings: tx.files.findings(fileId),
      plan: tx.files.plansOf(fileId).at(-1) ?? null,
      holds: tx.files.holds({ fileId }),
      deltas: tx.outbox.ofFile(fileId),
      byState: tx.outbox.countsByState({ fileId }),
      receipts: tx.files.receipts({ fileId }),
      failures: tx.failures.open().filter(({ payload }) => payload.includes(`"${fileId}`)),
    }
  })
  if (found === null) throw noSuchFile(fileId)
  const { file, findings, deltas, byState } = found
  return {
    ...found,
    findings: { total: findings.length, shown: await withSource(ctx, file, pageOf(findings, from.findings)) },
    plan: found.plan === null ? null : await showPlan(ctx, found.plan, from.changes),
    deltas: { total: deltas.length, shown: pageOf(deltas, from.deltas), byState },
    receipts: await Promise.all(found.receipts.map((receipt) => showReceipt(ctx, receipt))),
  }
}

/** A line of a file and those around it. @throws CONSOLE_REQUEST_INVALID */
export async function showLine(
  ctx: RegisterContext,
  fileId: string,
  line: number,
): Promise<{ readonly file: DeliveryFile; readonly lines: readonly { readonly number: number; readonly text: string }[] }> {
  const file = ctx.register.read((tx) => tx.files.find(fileId))
  if (file === null) throw noSuchFile(fileId)
  const around = Array.from({ length: 11 }, (_, i) => line - 5 + i).filter((number) => number > 0)
  const found = await sourceLines(ctx, file, new Set(around))
  return { file, lines: [...found].map(([number, text]) => ({ number, text })) }
}

async function withSource(ctx: RegisterContext, file: DeliveryFile, findings: readonly Finding[]): Promise<ShownFinding[]> {
  const lines = new Set(findings.flatMap(({ line }) => (line === null ? [] : [line])))
  const found = lines.size > 0 && file.sizeBytes <= readWhole ? await sourceLines(ctx, file, lines) : new Map<number, string>()
  return findings.map((finding) => ({
    finding,
    text: renderFinding(finding),
    source: finding.line === null ? null : (found.get(finding.line) ?? null),
  }))
}

async function showPlan(ctx: RegisterContext, row: PlanRow, from: number): Promise<FileView['plan']> {
  const plan = await orNull(getDocument(ctx.files, row.planHash, trusted<ChangePlan>()))
  if (plan === null) return { row, total: 0, shown: [], held: 0 }
  const shown = ctx.register.read((tx) => {
    const moment = { at: row.createdAt, knownAt: row.createdAt }
    return describeChanges(pageOf(plan.changes, from), (nummer) => tx.units.asOf(nummer, moment) ?? undefined)
  })
  return { row, total: plan.changes.length, shown, held: plan.held.length }
}

async function showReceipt({ files }: RegisterContext, receipt: Receipt): Promise<ShownReceipt> {
  const delivery = await orNull(getDocument(files, receipt.inputSha256, trusted<ReceiptDelivery>()))
  const text = delivery?.documents.find(({ name }) => name.endsWith('.txt')) ?? delivery?.documents[0]
  return {
    receipt,
    documents: delivery?.documents.map(({ name }) => name) ?? [],
    text: text === undefined ? null : ((await orNull(files.get(text.sha256)))?.toString('utf8') ?? null),
  }
}

function pageOf<T>(rows: readonly T[], from: number): T[] {
  return rows.slice(from, from + rowsPerPage)
}

/** What is no longer kept is left out of the page. */
async function orNull<T>(content: Promise<T>): Promise<T | null> {
  try {
    return await content
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}

function noSuchFile(fileId: string): FatalError {
  return new FatalError('CONSOLE_REQUEST_INVALID', `showing file ${fileId.slice(0, 60)}, which the register does not have`, {
    dataState: 'nothing was changed',
    hint: 'look for it in the list of files',
  })
}
