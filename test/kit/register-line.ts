import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Settings } from '../../config/settings.ts'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { applyPlan } from '../../src/app/apply-plan.ts'
import type { EdgeContext, RegisterContext } from '../../src/app/context.ts'
import { putDocument } from '../../src/app/documents.ts'
import { intakeFiles } from '../../src/app/intake-files.ts'
import { openNight } from '../../src/app/open-night.ts'
import { planChanges } from '../../src/app/plan-changes.ts'
import type { PullResult } from '../../src/app/pull-supplier.ts'
import { recordValidation } from '../../src/app/record-validation.ts'
import { validateFile } from '../../src/app/validate-file.ts'
import { type BusinessDate, fromWallTime, type Instant } from '../../src/domain/time.ts'
import type { FileStore } from '../../src/ports/file-store.ts'
import { type JobRequest, jobIdOf, type StepResult } from '../../src/ports/jobs.ts'
import { aClock, aNightRun, silentLog } from './builders.ts'

/** A file as a supplier's folder holds it. */
export interface DroppedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** The line from intake to apply on a real register, without queue, SFTP and Unilogin: each step's next steps are run in turn. */
export interface RegisterLine {
  readonly ctx: RegisterContext
  readonly clock: ReturnType<typeof aClock>
  openNight(date: BusinessDate): void
  /** Opens a night as the schedule does, half past midnight of its date, and runs what waited for it. */
  startNight(date: BusinessDate): Promise<void>
  /** Takes in what a look at a supplier found, and runs it to its end. */
  take(date: BusinessDate, supplierId: string, files: readonly DroppedFile[]): Promise<void>
  /** Runs these steps and what follows from them. */
  run(requests: readonly JobRequest[]): Promise<void>
  close(): void
}

/** Opens a line on the register file of a folder; every step takes a second by its clock. */
export async function openRegisterLine(options: {
  readonly folder: string
  readonly settings: Settings
  readonly files?: FileStore
  readonly startAt?: Instant
}): Promise<RegisterLine> {
  const path = join(options.folder, 'register.sqlite')
  const register = openRegister(path)
  const files = options.files ?? (await createFolderFileStore(join(options.folder, 'files')))
  const clock = aClock(options.startAt)
  const ctx: RegisterContext = { clock, log: silentLog, settings: options.settings, files, register }
  let looks = 0

  const step = async (request: JobRequest): Promise<StepResult | null> => {
    clock.turn(1_000)
    switch (request.job) {
      case 'intake':
        return intakeFiles(ctx, request.payload)
      case 'validate':
        return validateFile(ctx as unknown as EdgeContext, request.payload)
      case 'record-validation':
        return recordValidation(ctx, request.payload)
      case 'plan':
        return planChanges(ctx, request.payload)
      case 'apply':
        return applyPlan(ctx, request.payload)
      default:
        return null
    }
  }
  const run = async (requests: readonly JobRequest[]): Promise<void> => {
    const queue = [...requests]
    const waiting = new Set(queue.map(jobIdOf))
    for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
      waiting.delete(jobIdOf(request))
      const result = await step(request)
      for (const next of result?.next ?? []) {
        if (waiting.has(jobIdOf(next))) continue
        waiting.add(jobIdOf(next))
        queue.push(next)
      }
    }
  }
  return {
    ctx,
    clock,
    openNight: (date) => register.write((tx) => tx.nights.insert(aNightRun({ date, openedAt: clock.now() }))),
    startNight: async (date) => {
      clock.turn(Math.max(0, fromWallTime(date, '00:30') - clock.now()))
      await run((await openNight(ctx, { date, trigger: 'schedule', filesUntilAt: null })).next)
    },
    take: async (date, supplierId, dropped) => {
      const stored = []
      for (const { name, bytes } of dropped) {
        const { sha256, sizeBytes } = await files.put(bytes)
        stored.push({ name, sizeBytes, modifiedAt: clock.now(), sha256, promisedSha256: null })
      }
      const result: PullResult = { stored, unsettled: [], problem: null, lasting: false }
      looks += 1
      const { sha256: resultSha256 } = await putDocument(files, result)
      await run([{ job: 'intake', payload: { date, supplierId, look: looks, resultSha256 } }])
    },
    run,
    close: () => register.close(),
  }
}

/** Takes every row out of a register file, faster than a new file is made. */
export function emptyRegister(folder: string): void {
  const db = new Database(join(folder, 'register.sqlite'))
  db.pragma('foreign_keys = OFF')
  const tables = db
    .prepare("select name from sqlite_master where type = 'table' and name not like '\\_\\_%' escape '\\'")
    .pluck()
    .all()
  db.transaction(() => {
    for (const table of tables) db.exec(`delete from "${table}"`)
  })()
  db.close()
}
