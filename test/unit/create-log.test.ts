import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/adapters/system/create-log.ts'
import { FatalError } from '../../src/domain/errors.ts'
import type { Log } from '../../src/ports/log.ts'

/** A log whose lines are kept. */
function aLog(level = 'debug'): {
  readonly log: Log
  readonly lines: () => Record<string, unknown>[]
  readonly text: () => string
} {
  const written: string[] = []
  const log = createLog({ level, stream: { write: (line) => void written.push(line) } })
  return { log, lines: () => written.map((line) => JSON.parse(line)), text: () => written.join('') }
}

const secret = 'hemmelig-værdi'
const privateFields = [
  ['personal data', ['navn', 'email', 'telefonNummer', 'cpr', 'instnavn', 'mailadresse', 'telefonnr', 'adresse', 'vejNavn']],
  ['secrets', ['password', 'privateKey', 'passphrase', 'token', 'authorization']],
  ['content', ['value', 'record', 'request', 'reply', 'fields', 'ekstra', 'content']],
] as const
const names = privateFields.flatMap(([kind, list]) => list.map((name) => [name, kind] as const))

describe('the log', () => {
  it.each(names)('leaves out %s (%s), at any depth and in lists', (name) => {
    const { log, lines, text } = aLog()
    const own = { [name]: secret }

    log.info(own, 'at the top')
    log.info({ unit: own }, 'one below')
    log.info({ a: { b: { c: { d: own } } } }, 'far below')
    log.info({ units: [{ parts: [own] }] }, 'in a list')
    log.child(own).info({}, 'of a child')
    log.child({ a: { b: { c: own } } }).info({}, 'far below in a child')

    expect(lines()).toHaveLength(6)
    expect(text()).not.toContain(secret)
    expect(lines()[0]).toMatchObject({ [name]: '[left out]' })
  })

  it('leaves out whole objects under such a name', () => {
    const { log, text } = aLog()

    log.warn({ delta: { record: { instnr: secret } }, list: { fields: [secret] } }, 'm')

    expect(text()).not.toContain(secret)
  })

  it('leaves them out whatever the case of the name', () => {
    const { log, text } = aLog()

    log.info({ Navn: secret, headers: { Authorization: secret }, EMAIL: secret }, 'm')

    expect(text()).not.toContain(secret)
  })

  it('never writes bytes, only how many', () => {
    const { log, lines } = aLog()

    log.info({ body: Buffer.from(secret), parts: [new Uint8Array(3)] }, 'm')

    expect(lines()[0]).toMatchObject({ body: '[15 bytes]', parts: ['[3 bytes]'] })
  })

  it('keeps what an operator needs: ids, counts, codes, times', () => {
    const { log, lines } = aLog()
    const facts = {
      jobId: 'plan.f-1',
      fileId: 'f-1',
      supplierId: 'nordsystem',
      counts: { read: 7, rejected: 0 },
      ok: true,
      none: null,
      at: new Date(0),
    }

    log.child({ job: 'plan' }).info(facts, 'job done')

    expect(lines()).toEqual([
      { level: 30, time: expect.any(Number), job: 'plan', ...facts, at: '1970-01-01T00:00:00.000Z', msg: 'job done' },
    ])
  })

  it('writes an error of ours with its code, data state and hint, without stack, and private facts left out', () => {
    const { log, lines, text } = aLog()
    const cause = new Error('ENOSPC')
    const error = new FatalError('STORE_WRITE_FAILED', 'writing a blob', {
      dataState: 'nothing was stored',
      hint: 'make room',
      facts: { sizeBytes: 7, navn: secret },
      cause,
    })

    log.error({ error }, 'job failed')

    expect(lines()[0]).toMatchObject({
      error: {
        code: 'STORE_WRITE_FAILED',
        message: 'writing a blob',
        dataState: 'nothing was stored',
        hint: 'make room',
        facts: { sizeBytes: 7, navn: '[left out]' },
        cause: 'ENOSPC',
      },
    })
    expect(lines()[0]).not.toHaveProperty('error.stack')
    expect(text()).not.toContain(secret)
  })

  it('writes any other error with its stack, wherever it stands, and what is no error as text', () => {
    const { log, lines } = aLog()
    const error = new TypeError('x is undefined')

    log.warn({ error, nested: { reason: error } }, 'm')
    log.warn({ error: 'just text' }, 'm')

    const shown = { name: 'TypeError', message: 'x is undefined', stack: expect.stringContaining('create-log.test.ts') }
    expect(lines()).toEqual([
      expect.objectContaining({ error: shown, nested: { reason: shown } }),
      expect.objectContaining({ error: { message: 'just text' } }),
    ])
  })

  it('does not go round in circles, and does not change what it is given', () => {
    const { log, lines } = aLog()
    const circle: Record<string, unknown> = { navn: secret, id: 1 }
    circle['self'] = circle

    log.info({ circle }, 'm')

    expect(lines()[0]).toMatchObject({ circle: { navn: '[left out]', id: 1, self: '[circular]' } })
    expect(circle['navn']).toBe(secret)
  })

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ])('at level %s writes %i of four lines', (level, count) => {
    const { log, lines } = aLog(level)

    for (const say of [log.debug, log.info, log.warn, log.error]) say({}, 'm')

    expect(lines()).toHaveLength(count)
  })
})
