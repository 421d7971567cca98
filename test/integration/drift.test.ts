import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openListFile } from '../../src/adapters/unilogin/open-list-file.ts'
import { explainUnit } from '../../src/app/explain-unit.ts'
import { qualityReport } from '../../src/app/quality-report.ts'
import { renderNightReport } from '../../src/app/render-night-report.ts'
import { renderExplanation } from '../../src/cli/render-unit.ts'
import { toInstitutionRecord } from '../../src/domain/institution-record.ts'
import { addDays } from '../../src/domain/time.ts'
import type { JobRequest } from '../../src/ports/jobs.ts'
import type { OpenUniloginList } from '../../src/ports/unilogin-list.ts'
import { aDelta, aFolder, aNight, aNightRun, aVersion, kommune } from '../kit/builders.ts'
import { openPushLine, type PushLine } from '../kit/push-line.ts'
import { useRegisters } from '../kit/register-of.ts'
import { type TestUnilogin, useUnilogins } from '../kit/start-test-unilogin.ts'

const date = '2026-11-24'
const dayMs = 86_400_000
const openRegister = useRegisters()
const startUnilogin = useUnilogins()

const versions = [
  ...['G10001', 'G10002', 'G10003', 'G10004', 'G10005'].map((nummer) => aVersion(nummer)),
  aVersion('G10006', { status: 'nedlagt' }),
]
const recordOf = (nummer: string) => toInstitutionRecord({ ...aVersion(nummer), parentNummer: null })
const renamed = { ...recordOf('G10002'), instnavn: 'Et andet navn' }
const stranger = { ...recordOf('G99999'), adresse: 'Prøvevej 02', postnr: '2000', kommunenr: kommune, kommune: 'København' }
/** G10001, G10004 and G10005 as here; G10002 has another name, G10003 is missing, G10006 still there, and one more. */
const institutions = [recordOf('G10001'), renamed, recordOf('G10004'), recordOf('G10005'), recordOf('G10006'), stranger]

interface Line extends PushLine {
  readonly unilogin: TestUnilogin
  /** Closes the night of a date, with whatever comes before that. */
  close(of?: string): Promise<void>
  found(): Record<string, string>
}

/** A register and a Unilogin that have come apart, at the end of a night. */
async function openLine(
  drift: Readonly<Record<string, unknown>>,
  more: { readonly openUniloginList?: OpenUniloginList; readonly deltas?: Parameters<typeof openPushLine>[0]['deltas'] } = {},
): Promise<Line> {
  const register = await openRegister(versions)
  const unilogin = await startUnilogin(register.clock)
  const line = await openPushLine({ register, unilogin, institutions, deltas: [], tree: { drift }, ...more })
  return {
    ...line,
    unilogin,
    close: (of = date) => line.run({ job: 'close-night', payload: { date: of } }),
    found: () =>
      Object.fromEntries(
        line.ctx.register.read((tx) => tx.drift.found()).map(({ nummer, kind, fields }) => [nummer, [kind, ...fields].join(' ')]),
      ),
  }
}

const listOf = (rows: readonly string[]): OpenUniloginList => {
  const path = join(aFolder(), 'unilogin.csv')
  writeFileSync(path, `instnr;instnavn;adresse;postnr;kommunenr\r\n${rows.join('\r\n')}\r\n`)
  return openListFile(path)
}

describe('what Unilogin holds, by look-ups', () => {
  it('is held against the register before the night is closed: differences are told to who must act, and nothing is sent', async () => {
    const line = await openLine({ source: 'opslag', nights: 1 })

    await line.close()

    expect(line.found()).toEqual({
      G10002: 'afviger-i-unilogin instnavn',
      G10003: 'mangler-i-unilogin',
      G10006: 'nedlagt-i-register',
    })
    const report = line.report()
    expect(report).toMatchObject({
      state: 'closed',
      complete: true,
      drift: { numbers: 6, covered: 6, lastRun: { looked: 6, found: 3, suspect: false } },
    })
    expect(report?.actions).toContainEqual({
      kind: 'afvigelse',
      cause: 'mangler-i-unilogin/',
      who: 'operator',
      what: expect.objectContaining({ da: expect.stringContaining('Mangler i Unilogin: G10003; se efter') }),
      subject: 'dagtilbud quality',
    })
    expect(renderNightReport(report as never).da).toContain('HOLDT OP MOD UNILOGIN')
    const quality = await qualityReport(line.ctx, kommune, null)
    const lines = quality.lines.filter(({ check }) => /unilogin|nedlagt/.test(check)).map(({ check, nummer }) => [check, nummer])
    expect(lines).toEqual([
      ['nedlagt-i-register', 'G10006'],
      ['afviger-i-unilogin', 'G10002'],
      ['mangler-i-unilogin', 'G10003'],
    ])
    const explained = ['G10001', 'G10002'].map((nummer) => renderExplanation(explainUnit(line.ctx, nummer) as never).da)
    expect(explained[0]).toContain('som her')
    expect(explained[1]).toContain('Står anderledes i Unilogin: instnavn')
    expect((await line.calls()).map(({ operation }) => operation)).toEqual(['hentInstitutioner'])
    expect(line.ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'drift'))).toHaveLength(1)
  })

  it('is looked through in shares, the longest unseen first, so that all are seen in the nights of the setting', async () => {
    const line = await openLine({ source: 'opslag', nights: 3 })
    const seen: number[] = []
    for (const night of [0, 1, 2]) {
      if (night > 0) line.ctx.register.write((tx) => tx.nights.insert(aNightRun({ date: addDays(date, night) })))
      await line.close(addDays(date, night))
      seen.push(line.report()?.drift?.covered ?? 0)
      line.ctx.clock.turn(dayMs)
    }

    expect(seen).toEqual([2, 4, 6])
    expect(Object.keys(line.found())).toEqual(['G10002', 'G10003', 'G10006'])
  })

  it('is forgotten where it has come right, and keeps since when it differed where it has not', async () => {
    const line = await openLine({ source: 'opslag', nights: 1 })
    await line.close()
    const first = line.ctx.register.read((tx) => tx.drift.find('G10003')?.sinceAt)
    await line.unilogin.side('PUT', '/institutions', [{ record: recordOf('G10002') }])
    line.ctx.clock.turn(dayMs)
    line.ctx.register.write((tx) => tx.nights.insert(aNightRun({ date: addDays(date, 1) })))

    await line.close(addDays(date, 1))

    expect(Object.keys(line.found())).toEqual(['G10003', 'G10006'])
    expect(line.ctx.register.read((tx) => tx.drift.find('G10003'))).toMatchObject({
      sinceAt: first,
      lookedAt: line.ctx.clock.now(),
    })
  })

  it('is not judged where a change is under way, or has come too late to be shown', async () => {
    const deltas = [aDelta('d-1', 'G10002'), aDelta('d-2', 'G10003')]
    const line = await openLine({ source: 'opslag', nights: 1 }, { deltas })
    line.ctx.register.write((tx) => {
      tx.outbox.update('d-1', { state: 'refused', replyCode: 'FELT_MANGLER' })
      tx.outbox.update('d-2', { state: 'acknowledged', acknowledgedAt: line.ctx.clock.now() + 1 })
    })

    await line.close()

    expect(Object.keys(line.found())).toEqual(['G10006'])
    expect(line.report()?.drift).toMatchObject({ covered: 4, lastRun: { looked: 4 } })
  })

  it('is done once a night, not while Unilogin is down, and not past a look that failed', async () => {
    const line = await openLine({ source: 'opslag', nights: 1 })
    await line.close()
    const again: JobRequest = {
      job: 'record-drift',
      payload: { date, numbersSha256: '', seenSha256: line.ctx.register.read((tx) => tx.drift.lastRun()?.seenSha256 ?? '') },
    }
    await line.run(again)
    const runs = line.ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'drift'))
    const next = addDays(date, 1)
    line.ctx.register.write((tx) => {
      tx.nights.insert(aNightRun({ date: next }))
      const at = line.ctx.clock.now()
      tx.outages.put({ sinceAt: at, failures: 9, reason: 'x', foundAt: at, probes: 0, nextProbeAt: at }, at)
    })

    await line.close(next)

    expect(runs).toHaveLength(1)
    expect(line.ctx.register.read((tx) => [tx.nights.find(next)?.state, tx.drift.lastRun()?.date])).toEqual(['closed', date])
  })

  it('lets a unit that has come to differ be sent again, once, where the setting says so', async () => {
    const line = await openLine({ source: 'opslag', nights: 1, action: 'send' })

    await line.close()

    const deltas = line.ctx.register.read((tx) => tx.outbox.ofNight(date))
    expect(deltas).toMatchObject([{ nummer: 'G10002', operation: 'opdater', state: 'acknowledged', record: recordOf('G10002') }])
    expect(line.report()?.state).toBe('closed')
    const { calls } = line
    expect((await calls()).filter(({ verb }) => verb !== null).map(({ instnr, outcome }) => [instnr, outcome])).toEqual([
      ['G10002', 'OK'],
    ])
  })
})

describe('what Unilogin holds, by a list', () => {
  const whole = [
    'G10001;Enhed G10001;;;',
    'G10002;Et andet navn;;;',
    'G10004;Enhed G10004;;;',
    'G10005;Enhed G10005;;;',
    'G10006;Enhed G10006;;;',
  ]

  it('is compared both ways: what only Unilogin has is for its municipality, with what it could be', async () => {
    const line = await openLine(
      { source: 'liste', listFile: 'x' },
      { openUniloginList: listOf([...whole, 'A12345;Enhed G10003;Prøvevej 03;2000;101']) },
    )

    await line.close()

    expect(line.found()).toEqual({
      A12345: 'kun-i-unilogin',
      G10002: 'afviger-i-unilogin instnavn',
      G10003: 'mangler-i-unilogin',
      G10006: 'nedlagt-i-register',
    })
    expect(line.report()?.actions).toContainEqual(
      expect.objectContaining({
        who: 'kommune',
        what: expect.objectContaining({ da: expect.stringContaining('A12345') }),
        subject: 'kommune 101',
      }),
    )
    expect((await qualityReport(line.ctx, kommune, null)).lines).toContainEqual(
      expect.objectContaining({ check: 'kun-i-unilogin', nummer: 'A12345' }),
    )
    expect(await line.calls()).toEqual([])

    const next = addDays(date, 1)
    line.ctx.register.write((tx) => tx.nights.insert(aNightRun({ date: next })))
    Object.assign(line.ctx, { openUniloginList: listOf(whole) })
    await line.close(next)

    expect(Object.keys(line.found())).toEqual(['G10002', 'G10003', 'G10006'])
  })

  it('that lacks too many at once is not believed, and the report says so', async () => {
    const line = await openLine({ source: 'liste', listFile: 'x', lostRatio: 0 }, { openUniloginList: listOf(['A1;x;;;']) })
    line.ctx.register.write((tx) => tx.units.write([aVersion('G10007')]))

    await line.close()

    expect(line.found()).toEqual({})
    expect(line.report()).toMatchObject({ state: 'closed', drift: { lastRun: { suspect: true } } })
    expect(line.report()?.actions).toContainEqual(expect.objectContaining({ subject: 'drift.lostRatio' }))
  })
})

it('a list that is not there is named, and what is in a file is of when it was written', async () => {
  await expect(openListFile(join(aFolder(), 'no.csv'))()).rejects.toMatchObject({ code: 'CONFIG_FILE_UNREADABLE' })
  const path = join(aFolder(), 'list.csv')
  writeFileSync(path, 'x')
  utimesSync(path, aNight / 1000, aNight / 1000)

  expect((await openListFile(path)()).at).toBe(aNight)
})
