import type { BusinessDate } from '../domain/time.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, putDocument } from './documents.ts'
import { declaredBy, fileIdOf } from './file-id.ts'
import { expectedOf } from './mandate-of.ts'
import { requestLook } from './open-night.ts'
import { PullResult } from './pull-supplier.ts'

/** What `validate` is asked to look at. */
export interface ValidateInput {
  readonly supplierId: string
  /** The night whose mandates count. */
  readonly date: BusinessDate
  readonly sha256: string
  readonly name: string
  /** What a checksum file promised for the bytes; null when there was none. */
  readonly promisedSha256: string | null
}

/**
 * Takes in what a look found. The same bytes from the same supplier are one file, however often and under whatever name
 * they come; a repeat gets the first one's receipt again. Decides whether to look once more.
 */
export async function intakeFiles(ctx: RegisterContext, payload: JobPayloads['intake']): Promise<StepResult> {
  const { date, supplierId, look } = payload
  const result = await getDocument(ctx.files, payload.resultSha256, PullResult)
  const now = ctx.clock.now()
  const { fresh, repeats, again, facts } = ctx.register.write((tx) => {
    const fresh: DeliveryFile[] = []
    const repeats: DeliveryFile[] = []
    for (const { sha256, promisedSha256, ...entry } of result.stored) {
      const declared = declaredBy(entry.name)
      const known = tx.files.findSame(supplierId, sha256, declared)
      const file =
        known ??
        newFile({
          supplierId,
          sha256,
          declared,
          promisedSha256,
          name: entry.name,
          sizeBytes: entry.sizeBytes,
          date,
          storedAt: now,
        })
      const seen = tx.nights.arrivalsOfFile(file.fileId)
      const sameSighting = seen.some(
        (a) => a.name === entry.name && a.modifiedAt === entry.modifiedAt && a.sizeBytes === entry.sizeBytes,
      )
      if (known === null) {
        tx.files.insert(file)
        tx.ledger.append({
          at: now,
          type: 'file',
          subject: file.fileId,
          facts: { supplierId, sha256, sizeBytes: file.sizeBytes, date },
        })
        fresh.push(file)
      } else if (!sameSighting) {
        repeats.push(file)
      }
      if (!sameSighting || known === null)
        tx.nights.putArrival({
          ...entry,
          date,
          supplierId,
          firstSeenAt: now,
          fileId: file.fileId,
          repeat: known !== null,
        })
    }
    for (const entry of result.unsettled)
      tx.nights.putArrival({ ...entry, date, supplierId, firstSeenAt: now, fileId: null, repeat: false })
    const again = recordLook(ctx, tx, payload, result)
    return { fresh, repeats, again, facts: { fresh: fresh.length, repeats: repeats.length, lookAgain: again } }
  })

  const next: JobRequest[] = await Promise.all(fresh.map((file) => requestValidation(ctx, file)))
  for (const file of repeats) {
    next.push({ job: 'prepare-receipt', payload: { fileId: file.fileId, type: 'received' } })
    if (file.state === 'delivered') next.push({ job: 'prepare-receipt', payload: { fileId: file.fileId, type: 'delivered' } })
  }
  if (again) next.push(await requestLook(ctx, date, supplierId, look + 1, ctx.settings.night.lookEveryMs))
  else next.push({ job: 'close-night', payload: { date } })
  const about = [...fresh, ...repeats].map(({ fileId }) => ({ fileId }))
  return { outcome: 'taken in', next, facts, about }
}

/** The validation of a file that was taken in; also asked for by the sweep. */
export async function requestValidation(ctx: RegisterContext, file: DeliveryFile): Promise<JobRequest> {
  const { supplierId, date, sha256, name, promisedSha256 } = file
  const input: ValidateInput = { supplierId, date, sha256, name, promisedSha256 }
  return { job: 'validate', payload: { fileId: file.fileId, inputSha256: (await putDocument(ctx.files, input)).sha256 } }
}

/** Municipalities whose file a supplier still owes in a night. One that was refused or holds from a later date is none of it. */
function missingKommuner(ctx: RegisterContext, tx: RegisterTx, date: string, supplierId: string): string[] {
  const here = new Set<string | undefined>()
  for (const arrival of tx.nights.arrivals(date)) {
    if (arrival.supplierId !== supplierId || arrival.fileId === null) continue
    const file = tx.files.find(arrival.fileId)
    if (file !== null && file.state !== 'rejected' && file.state !== 'deferred') here.add(file.header?.kommuneKode)
  }
  return expectedOf(ctx.settings, supplierId, date).filter((kommune) => !here.has(kommune))
}

function recordLook(
  ctx: RegisterContext,
  tx: RegisterTx,
  payload: JobPayloads['intake'],
  { problem, lasting }: PullResult,
): boolean {
  const { date, supplierId, look } = payload
  const now = ctx.clock.now()
  const night = tx.nights.find(date)
  const missing = missingKommuner(ctx, tx, date, supplierId)
  const timeLeft = night !== null && now + ctx.settings.night.lookEveryMs <= night.filesUntilAt
  const wanting = missing.length > 0 || problem !== null
  const state = !wanting ? 'complete' : timeLeft && !lasting ? 'looking' : 'late'
  tx.nights.putSupplier({ date, supplierId, state, looks: look, lastLookAt: now, problem, missing })
  return state === 'looking'
}

type NewFile = Pick<
  DeliveryFile,
  'supplierId' | 'sha256' | 'declared' | 'promisedSha256' | 'name' | 'sizeBytes' | 'date' | 'storedAt'
>

function newFile(file: NewFile): DeliveryFile {
  return {
    ...file,
    fileId: fileIdOf(file),
    state: 'stored',
    header: null,
    ruleSet: null,
    read: 0,
    accepted: 0,
    rejected: 0,
    unchanged: 0,
    findingCounts: {},
    stagedSha256: null,
    rejectedRefsSha256: null,
    rejectedWithoutKey: 0,
    planHash: null,
    appliedAt: null,
  }
}
