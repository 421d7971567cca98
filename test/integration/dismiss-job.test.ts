import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OperatorContext } from '../../src/app/context.ts'
import { dismissJob, noteDismissal } from '../../src/app/dismiss-job.ts'
import { putDocument } from '../../src/app/documents.ts'
import { failedJobs } from '../../src/app/failed-jobs.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { noteRequeue, requeueJob } from '../../src/app/requeue-job.ts'
import { sweep } from '../../src/app/sweep.ts'
import { openProof } from '../../src/main/open-proof.ts'
import { type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import type { JobFailure } from '../../src/ports/register.ts'
import { runPastStep } from '../../src/worker/run-past-step.ts'
import { aFailure, aFile, aNightRun, aSupplier, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const date = '2026-11-24'
const openRegister = useRegisters()
const said = { by: 'Anna Holm', role: 'betjene', reason: 'leverandøren sender en ny' } as const

/** A register whose steps are all named, so that a proof can run them again; what they queue is remembered. */
async function aWorld() {
  const opened = await openRegister()
  const queued: JobRequest[] = []
  const queue = { add: async (requests: readonly JobRequest[]) => void queued.push(...requests), requeue: async () => undefined }
  const settings = someSettings({ dataDir: dirname(opened.path), suppliers: [aSupplier('nordsystem', { expects: [] })] })
  const ctx = { ...opened, settings, queue } as unknown as OperatorContext & { clock: { turn(ms: number): void } }
  const run = async (name: string, input: unknown) => {
    ctx.clock.turn(1_000)
    return runPastStep(ctx, name, input)
  }
  const fail = async (failure: JobFailure) =>
    run('record-failure', { failureSha256: (await putDocument(ctx.files, failure)).sha256 })
  return { ctx, queued, run, fail }
}

/** The same with a night in which a file came that stops this version of the program, also when it was run again. */
async function aPoisonedNight() {
  const world = await aWorld()
  const { ctx, run, fail } = world
  await run('open-night', { date, trigger: 'schedule', start: 'schedule', filesUntilAt: null })
  const { sha256, sizeBytes } = await ctx.files.put('<gift/>')
  const stored = [{ name: 'gift.xml', sizeBytes, modifiedAt: 0, sha256, promisedSha256: null }]
  const { sha256: resultSha256 } = await putDocument(ctx.files, { stored, unsettled: [], problem: null, lasting: false })
  await run('intake', { date, supplierId: 'nordsystem', look: 1, resultSha256 })
  const fileId = ctx.register.read((tx) => tx.files.ofNight(date)[0]?.fileId ?? '')
  const jobId = `validate.${fileId}`
  const payload = JSON.stringify({ fileId, inputSha256: sha256 })
  const failure = aFailure(jobId, { queue: 'validate', job: 'validate', code: 'UNEXPECTED', payload })
  await fail(failure)
  return { ...world, fileId, jobId, failAgain: async () => fail({ ...failure, failedAt: ctx.clock.now() }) }
}

describe('a file that can never be processed', () => {
  it('is run again once, then given up: the supplier is told, the night ends, and the proof goes through it', async () => {
    const { ctx, queued, run, fileId, jobId, failAgain } = await aPoisonedNight()
    await expect(dismissJob(ctx, { jobId, ...said })).rejects.toThrow('The job can be run again; do that first.')
    await requeueJob(ctx, jobId, 'Bo Lund', 'måske et uheld')
    await failAgain()
    expect(await failedJobs(ctx)).toMatchObject([{ jobs: [{ whyNot: { en: /has stopped this version/ }, whyNotDismiss: null }] }])

    await dismissJob(ctx, { jobId, ...said })

    expect(ctx.register.read((tx) => tx.files.find(fileId))).toMatchObject({ state: 'rejected', findingCounts: { 'FIL-37': 1 } })
    expect(ctx.register.read((tx) => tx.ledger.of(jobId)).map(({ type, facts }) => [type, facts])).toEqual([
      ['requeue', { by: 'Bo Lund', reason: 'måske et uheld', code: 'UNEXPECTED' }],
      ['dismissal', { ...said, code: 'UNEXPECTED', fileId }],
    ])
    expect(queued.map(jobIdOf)).toEqual([`prepare-receipt.${fileId}.received`, `close-night.${date}`])
    const { next } = await sweep(ctx, { pendingIds: async () => new Set<string>() })
    expect(next.map(jobIdOf).filter((id) => id.includes(fileId))).toEqual([`prepare-receipt.${fileId}.received`])

    await run('prepare-receipt', { fileId, type: 'received' })
    const receipt = ctx.register.read((tx) => tx.files.findReceipt(`${fileId}.received`))
    const { documents } = JSON.parse(String(await ctx.files.get(receipt?.inputSha256 ?? '')))
    const told = JSON.parse(String(await ctx.files.get(documents[0].sha256)))
    expect(told).toMatchObject({ udfald: { kode: 'afvist' }, fund: [{ kode: 'FIL-37' }] })
    expect(JSON.stringify(told)).not.toContain('Anna')
    await run('record-receipt', { receiptId: receipt?.receiptId, inputSha256: receipt?.inputSha256 })
    expect(nightReport(ctx, date)).toMatchObject({ complete: true, failures: [], files: { underWay: 0, rejected: 1 } })

    const { verify, close } = await openProof(ctx.settings, () => undefined)
    expect(await verify()).toMatchObject({ breaks: [], notes: [] })
    close()
  })

  it('is given up once, whoever asks at the same time; nothing else is done with it afterwards', async () => {
    const { ctx, jobId, failAgain } = await aPoisonedNight()
    await noteRequeue(ctx, { jobId, by: 'Bo Lund', reason: 'igen' })
    await failAgain()

    const both = await Promise.allSettled(['Anna', 'Bo'].map((by) => dismissJob(ctx, { jobId, ...said, by })))

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const late = { code: 'JOB_NOT_DISMISSABLE', message: expect.stringMatching(/which was dismissed by (Anna|Bo)$/) }
    await expect(noteDismissal(ctx, { jobId, ...said })).rejects.toMatchObject(late)
    await expect(requeueJob(ctx, jobId, 'Bo', 'prøv')).rejects.toThrow('which was dismissed by')
    expect(ctx.register.read((tx) => tx.ledger.of(jobId)).filter(({ type }) => type === 'dismissal')).toHaveLength(1)
  })

  it('takes its open holds and its plan with it', async () => {
    const { ctx, fail } = await aWorld()
    const overtaken = { kommuneKode: '101', loebenummer: 1 }
    ctx.register.write((tx) => {
      tx.nights.insert(aNightRun())
      tx.files.insert(aFile('f-1', { state: 'planned', planHash: 'p-1', read: 3, accepted: 3, header: overtaken as never }))
      tx.files.insertPlan({ planHash: 'p-1', fileId: 'f-1', state: 'planned', ...aPlan })
      tx.files.insertHold({ holdId: 'h-1', fileId: 'f-1', planHash: 'p-1', state: 'open', ...aHold } as never)
      tx.files.insert(aFile('f-2', { state: 'applied', appliedAt: 1, header: { ...overtaken, loebenummer: 2 } as never }))
    })
    await fail(
      aFailure('apply.f-1.p', { queue: 'register', job: 'apply', code: 'JOB_DEADLINE_PASSED', payload: '{"fileId":"f-1"}' }),
    )

    await dismissJob(ctx, { jobId: 'apply.f-1.p', ...said, role: 'admin' })

    const { file, hold, plan } = ctx.register.read((tx) => ({
      file: tx.files.find('f-1'),
      hold: tx.files.findHold('h-1'),
      plan: tx.files.findPlan('p-1'),
    }))
    expect(file).toMatchObject({ state: 'rejected', accepted: 0, rejected: 3 })
    expect(hold).toMatchObject({ state: 'expired', decidedBy: null })
    expect(plan).toMatchObject({ state: 'superseded' })
  })
})

describe('a failed job', () => {
  it.each([
    ['nobody knows', 'push.b-9', {}, said, 'which is not a failed job'],
    ['is about no file', 'push.b-1', {}, said, 'Only a job about a file'],
    [
      'is about a file that is applied',
      'plan.f-2',
      { job: 'plan', payload: '{"fileId":"f-2"}' },
      said,
      'The file is applied already',
    ],
    ['can be run again', 'plan.f-1', { job: 'plan', payload: '{"fileId":"f-1"}' }, said, 'The job can be run again'],
    [
      'is dismissed without a reason',
      'plan.f-1',
      { job: 'plan' },
      { ...said, reason: ' ' },
      'without a name or without a reason',
    ],
    ['is dismissed in a role that may not', 'plan.f-1', { job: 'plan' }, { ...said, role: 'godkende' }, 'which may not'],
  ] as const)('that %s stays', async (_case, jobId, parts, word, seen) => {
    const { ctx, fail } = await aWorld()
    ctx.register.write((tx) => {
      tx.nights.insert(aNightRun())
      for (const [id, state] of [
        ['f-1', 'validated'],
        ['f-2', 'applied'],
      ] as const)
        tx.files.insert(aFile(id, { state }))
    })
    if (jobId !== 'push.b-9') await fail(aFailure(jobId, parts))
    const before = ctx.register.read((tx) => tx.ledger.last()?.seq)

    await expect(dismissJob(ctx, { jobId, ...word })).rejects.toMatchObject({
      code: 'JOB_NOT_DISMISSABLE',
      message: expect.stringContaining(seen),
    })
    expect(ctx.register.read((tx) => tx.ledger.last()?.seq)).toBe(before)
  })
})

const aPlan = { kommuneKode: '101', baseVersion: 0, createdAt: 1, appliedAt: null, counts: {}, sliceCounts: {} }
const undecided = { firstBy: null, firstReason: null, firstAt: null, decidedBy: null, reason: null, decidedAt: null }
const aHold = {
  ...undecided,
  supplierId: 'nordsystem',
  kommuneKode: '101',
  date,
  slice: 'nedlaeg',
  sliceHash: 's',
  count: 1,
  of: 4,
  allowed: 0,
  verdict: 'held',
  cause: 'over-limit',
  openedAt: 1,
}
