import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../jobs/index.ts'
import { deltaStates, fileStates, finalDeltaStates, flow, nightStates } from '../../src/domain/flow.ts'
import { type JobName, type JobRequest, jobIdOf, queueNames } from '../../src/ports/jobs.ts'

const names = Object.keys(jobs) as JobName[]
/** Jobs that see to the line instead of being a step of it. */
const besideTheLine = ['record-failure', 'sweep', 'upkeep', 'export', 'record-export', 'watch', 'notify', 'record-notice']

const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/)
const digitsOnly = fc.stringMatching(/^[0-9]{1,12}$/)
const id = fc.oneof(digitsOnly, fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/))
const date = fc.constantFrom('2026-11-24', '2027-03-28')
const batch = fc.record({ batchId: id, batchSha256: sha256 })
const receipt = fc.record({ receiptId: id, inputSha256: sha256 })

const payloads: { readonly [N in JobName]: fc.Arbitrary<Extract<JobRequest, { job: N }>['payload']> } = {
  'open-night': fc.record({
    date,
    trigger: fc.constantFrom('schedule' as const, 'catch-up' as const, 'operator' as const),
    start: id,
    filesUntilAt: fc.option(fc.nat(), { nil: null }),
  }),
  agreements: fc.record({ round: id }),
  'record-agreements': fc.record({ round: id, listSha256: sha256 }),
  pull: fc.record({ date, supplierId: id, look: fc.nat({ max: 999 }), knownSha256: fc.option(sha256, { nil: null }) }),
  intake: fc.record({ date, supplierId: id, look: fc.nat({ max: 999 }), resultSha256: sha256 }),
  validate: fc.record({ fileId: id, inputSha256: sha256 }),
  'record-validation': fc.record({ fileId: id, resultSha256: sha256 }),
  plan: fc.record({ fileId: id }),
  apply: fc.record({ fileId: id, planHash: sha256 }),
  dispatch: fc.record({ wave: id }),
  push: batch,
  'record-delivery': fc.record({ batchId: id, exchangesSha256: sha256 }),
  confirm: batch,
  'record-confirmation': fc.record({ batchId: id, resultSha256: sha256 }),
  'prepare-receipt': fc.record({ fileId: id, type: fc.constantFrom('received' as const, 'delivered' as const) }),
  receipt,
  'record-receipt': receipt,
  reconcile: fc.record({ date, numbersSha256: sha256 }),
  'record-drift': fc.record({ date, numbersSha256: sha256, seenSha256: sha256 }),
  'record-failure': fc.record({ failureSha256: sha256 }),
  sweep: fc.record({ reason: id }),
  watch: fc.record({ reason: id }),
  notify: fc.record({ noticeId: id, attempt: fc.nat({ max: 99 }), messageSha256: sha256 }),
  'record-notice': fc.record({ noticeId: id, attempt: fc.nat({ max: 99 }), problem: fc.option(id, { nil: null }) }),
  'close-night': fc.record({ date }),
  upkeep: fc.record({
    date,
    task: fc.constantFrom('check' as const, 'backup' as const, 'retention' as const, 'export' as const),
  }),
  export: fc.record({ date, inputSha256: sha256 }),
  'record-export': fc.record({ date, inputSha256: sha256 }),
}

const aRequest = fc.constantFrom(...names).chain((job) => payloads[job].map((payload) => ({ job, payload }) as JobRequest))

/** The part of a payload that makes it another piece of work; hashes of what was made from it do not. */
function workOf({ job, payload }: JobRequest): string {
  const aside: Partial<Record<JobName, string>> = { receipt: 'receiptId', 'record-receipt': 'receiptId' }
  const parts = Object.entries(payload).filter(([name]) => {
    if (['messageSha256', 'problem'].includes(name)) return false
    if (['trigger', 'filesUntilAt'].includes(name)) return false
    if (['numbers', 'seen', 'known', 'result', 'list', 'batch', 'exchanges'].includes(name.replace(/Sha256$/, ''))) return false
    return name !== 'inputSha256' || aside[job] !== undefined
  })
  return JSON.stringify([job, ...parts.sort()])
}

describe('the id of a job', () => {
  it('can be an id in the queue: not all digits, no colon', () => {
    fc.assert(
      fc.property(aRequest, (request) => {
        expect(jobIdOf(request)).toMatch(/^(?!\d+$)[^:]+$/)
      }),
    )
  })

  it('is one for the same work and another for any other', () => {
    fc.assert(
      fc.property(aRequest, aRequest, (one, other) => {
        expect(jobIdOf(one) === jobIdOf(other)).toBe(workOf(one) === workOf(other))
      }),
      { numRuns: 300 },
    )
  })

  it('tells two looks, two plans of a file and two starts of a night apart', () => {
    const look = { date: '2026-11-24', supplierId: 's', knownSha256: null }
    const ids = [
      jobIdOf({ job: 'pull', payload: { ...look, look: 1 } }),
      jobIdOf({ job: 'pull', payload: { ...look, look: 2 } }),
      jobIdOf({ job: 'apply', payload: { fileId: 'f', planHash: 'a'.repeat(64) } }),
      jobIdOf({ job: 'apply', payload: { fileId: 'f', planHash: 'b'.repeat(64) } }),
      jobIdOf({ job: 'open-night', payload: { date: '2026-11-24', trigger: 'schedule', start: 'schedule', filesUntilAt: null } }),
      jobIdOf({ job: 'open-night', payload: { date: '2026-11-24', trigger: 'operator', start: '1', filesUntilAt: null } }),
    ]

    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the definition of a job', () => {
  it.each(names)('%s has its own name, a queue that exists, tries and a deadline', (name) => {
    const { name: own, queue, attempts, backoffMs, deadlineMs } = jobs[name]

    expect(own).toBe(name)
    expect(queueNames).toContain(queue)
    expect([attempts, backoffMs, deadlineMs].every((value) => Number.isInteger(value) && value > 0)).toBe(true)
  })

  it('takes every payload that is asked for, and none with a part missing', () => {
    fc.assert(
      fc.property(aRequest, fc.nat(), ({ job, payload }, draw) => {
        const keys = Object.keys(payload)
        const missing = keys[draw % keys.length] as string
        const { [missing]: _gone, ...rest } = payload as Record<string, unknown>

        expect(jobs[job].payload.safeParse(payload).success).toBe(true)
        expect(jobs[job].payload.safeParse(rest).success).toBe(false)
      }),
    )
  })
})

describe('the line', () => {
  it('has every job that is a step of it, in the same order', () => {
    expect(flow.map((step) => step.job)).toEqual(names.filter((name) => !besideTheLine.includes(name)))
  })

  it.each(flow.map((step) => [step.job, step] as const))(
    '%s runs where the line says: at the register or at the edge',
    (job, step) => {
      expect(jobs[job as JobName].queue === 'register').toBe(step.kind === 'register')
    },
  )

  it('leaves every state behind somewhere, but the ones a delta is made, claimed or replaced in', () => {
    const left = new Set(flow.flatMap((step) => step.states))
    const made = ['waiting', 'ready', 'superseded', 'sent']
    const all = [...fileStates, ...deltaStates, ...nightStates]

    expect(all.filter((state) => !left.has(state) && !made.includes(state))).toEqual([])
    expect(finalDeltaStates.every((state) => deltaStates.includes(state))).toBe(true)
  })

  it('changes states only at the register', () => {
    expect(flow.filter((step) => step.kind === 'edge' && step.states.length > 0)).toEqual([])
  })
})
