import { describe, expect, it } from 'vitest'
import type { RegisterContext } from '../../src/app/context.ts'
import { explainUnit } from '../../src/app/explain-unit.ts'
import { momentOf } from '../../src/app/export-register.ts'
import { type LoadRequest, loadBaseline } from '../../src/app/load-baseline.ts'
import { showUnit } from '../../src/app/show-unit.ts'
import { renderExplanation, renderUnit } from '../../src/cli/render-unit.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import { widthOf } from '../kit/a-screen.ts'
import { type BaselineRow, baselineCsv } from '../kit/baseline-csv.ts'
import { aVersion } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const openRegister = useRegisters()

const country: readonly BaselineRow[] = [
  { dagtilbudsType: 'daginstitution', daginstitutionsNummer: 'G10001', dagtilbudsNavn: 'Klyngen Æble' },
  { dagtilbudsType: 'anvisningsenhed', daginstitutionsNummer: 'G10001', anvisningsenhedsNummer: 'G10002' },
  {
    dagtilbudsType: 'alternativAdresse',
    daginstitutionsNummer: 'G10001',
    anvisningsenhedsNummer: 'G10002',
    alternativAdresseNummer: 'G10003',
    husNummer: '3',
  },
  {
    dagtilbudsType: 'daginstitution',
    daginstitutionsNummer: 'G20001',
    admKommuneKode: '461',
    ejerformKode: '3',
    lovgrundlagKode: '904',
  },
  {
    dagtilbudsType: 'anvisningsenhed',
    daginstitutionsNummer: 'G20001',
    anvisningsenhedsNummer: 'G20002',
    admKommuneKode: '461',
    ejerformKode: '3',
    kommuneKode: '461',
    postNummer: '5000',
    cvrNummer: '90000004',
    pNummer: '1090000019',
  },
]

function load(ctx: RegisterContext, rows: readonly BaselineRow[] | string, parts: Partial<LoadRequest> = {}) {
  const text = typeof rows === 'string' ? rows : baselineCsv(rows)
  const content = async function* () {
    yield Buffer.from(text)
  }
  const said = { source: 'Danmarks Statistik', asOf: '2019-08-01', by: 'Anna Holm', dryRun: false }
  return loadBaseline(ctx, { fileName: 'dst-2019.csv', content, ...said, ...parts })
}

function loads(ctx: RegisterContext) {
  return ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'load'))
}

describe('a baseline', () => {
  it('brings its numbers, holds from its date on, and is in the ledger and the file store', async () => {
    const ctx = await openRegister()
    const { validation, loaded, kommuner, sha256 } = await load(ctx, country)

    expect(validation).toMatchObject({ verdict: 'validated', counts: { read: 5, accepted: 5, rejected: 0 } })
    expect(loaded).toEqual({ daginstitution: 2, anvisningsenhed: 2, alternativAdresse: 1 })
    expect([kommuner, sha256]).toEqual([2, sha256Hex(baselineCsv(country))])
    expect((await ctx.files.get(sha256 ?? '')).toString()).toBe(baselineCsv(country))
    ctx.register.read((tx) => {
      expect(tx.units.history('G10003')).toMatchObject([
        {
          parentNummer: 'G10002',
          admKommuneKode: '101',
          ejerformKode: '1',
          actor: 'baseline:Danmarks Statistik',
          validFrom: Date.parse('2019-07-31T22:00:00Z'),
          recordedFrom: ctx.clock.now(),
          line: 4,
          date: null,
        },
      ])
      expect([...tx.ledger.after(0)].find(({ type }) => type === 'load')).toMatchObject({
        facts: { sha256, source: 'Danmarks Statistik', by: 'Anna Holm', read: 5, rejected: 0, anvisningsenhed: 2 },
      })
      expect([tx.units.kommuneVersion('101'), tx.units.kommuneVersion('461')]).toEqual([1, 1])
      expect(tx.outbox.ofNummer('G10001')).toEqual([])
    })
  })

  it('is refused whole when one of its numbers is in the register, open or closed', async () => {
    const ctx = await openRegister([aVersion('G20001', { status: 'nedlagt' })])

    await expect(load(ctx, country)).rejects.toMatchObject({
      code: 'BASELINE_INVALID',
      message: expect.stringContaining('1 of its 5 numbers are in the register already, the first G20001 on line 5'),
    })
    await expect(load(ctx, country, { dryRun: true })).rejects.toMatchObject({ code: 'BASELINE_INVALID' })
    ctx.register.read((tx) => {
      expect(tx.units.counts().anvisningsenhed.open).toBe(0)
      expect([...tx.ledger.after(0)].filter(({ type }) => type === 'load')).toEqual([])
    })
  })

  it('writes nothing on a dry run, and says the same', async () => {
    const ctx = await openRegister()
    const dry = await load(ctx, country, { dryRun: true })

    expect([ctx.register.read((tx) => tx.units.lastPosition()), loads(ctx)]).toEqual([0, []])
    const { loaded, validation } = await load(ctx, country)
    expect({ loaded: dry.loaded, validation: dry.validation }).toEqual({ loaded, validation })
  })

  it('leaves out rows that cannot stand, with what stands below them, and names each', async () => {
    const ctx = await openRegister()
    const rows = country.map((row) =>
      row['anvisningsenhedsNummer'] === 'G10002' && row['husNummer'] !== '3' ? { ...row, pNummer: '' } : row,
    )
    const { validation, loaded } = await load(ctx, [...rows, { dagtilbudsType: 'daginstitution', lokalId: 'x' } as BaselineRow])

    expect(loaded).toEqual({ daginstitution: 2, anvisningsenhed: 1, alternativAdresse: 0 })
    expect(validation.counts).toEqual({ read: 6, accepted: 3, rejected: 3 })
    expect(validation.findings.filter(({ level }) => level === 'record').map(({ code, line }) => [code, line])).toEqual([
      ['DTR-01a', 3],
      ['POST-10', 7],
      ['DTR-07b', 4],
    ])
  })

  it('keeps a combination that a delivery would wait with, and says so', async () => {
    const ctx = await openRegister()
    const { validation, loaded } = await load(ctx, [country[0], { ...country[1], instType3: '6013' }] as BaselineRow[])

    expect(loaded.anvisningsenhed).toBe(1)
    expect(validation.findings.filter(({ code }) => code === 'DTR-06').map(({ level }) => level)).toEqual(['warning'])
  })

  it('may come level by level; a unit stands under what is in the register', async () => {
    const ctx = await openRegister()
    await load(
      ctx,
      country.filter((row) => row.dagtilbudsType === 'daginstitution'),
    )
    const { loaded, validation } = await load(ctx, [
      country[1] as BaselineRow,
      { dagtilbudsType: 'anvisningsenhed', daginstitutionsNummer: 'G99999', anvisningsenhedsNummer: 'G10009' },
    ])

    expect(loaded.anvisningsenhed).toBe(1)
    expect(validation.findings.find(({ level }) => level === 'record')).toMatchObject({ code: 'DTR-07b', line: 3 })
    expect(ctx.register.read((tx) => tx.units.byNumbers(['G10002'])[0])).toMatchObject({ admKommuneKode: '101' })
  })

  it('finds a number that comes twice, also under another municipality', async () => {
    const ctx = await openRegister()
    const twice = { ...country[0], admKommuneKode: '461' } as BaselineRow
    const { validation, loaded } = await load(ctx, [country[0] as BaselineRow, twice])

    expect(loaded.daginstitution).toBe(0)
    expect(validation.findingCounts).toMatchObject({ 'POST-11': 1 })
  })

  it.each([
    [{ asOf: '2030-01-01' }, 'no date up to today'],
    [{ asOf: '2019-02-30' }, 'no date up to today'],
    [{ source: ' ' }, 'source'],
  ])('is refused with %o', async (parts, seen) => {
    const ctx = await openRegister()

    await expect(load(ctx, country, parts)).rejects.toThrow(seen)
  })

  it('is refused whole when the file is no CSV, and nothing is kept of it', async () => {
    const ctx = await openRegister()
    const { validation, sha256 } = await load(ctx, '<?xml version="1.0"?><x/>', { fileName: 'x' })

    expect([validation.verdict, validation.findings[0]?.code, sha256]).toEqual(['rejected', 'FIL-03', null])
  })
})

describe('a unit of a baseline', () => {
  it('is shown with what is around it, and as it was not before', async () => {
    const ctx = await openRegister()
    await load(ctx, country)
    const shown = showUnit(ctx, 'G10002', momentOf({ gaelder: null, kendt: null }), true)
    if (shown === null) throw new Error('not shown')
    const text = renderUnit(shown)
    const { da } = text

    expect(shown).toMatchObject({ parent: { nummer: 'G10001' }, children: [{ nummer: 'G10003' }], origin: { by: 'Anna Holm' } })
    expect(da).toContain('grunddata fra Danmarks Statistik pr. 2019-08-01: dst-2019.csv, linje 3')
    expect(da).toContain('står endnu som grunddata')
    expect(da).toContain('6012  Aldersintegreret institution')
    expect(da).toContain('2019-08-01 00:00:00')
    expect(widthOf(text)).toBeLessThanOrEqual(100)
    const before = momentOf({ gaelder: Date.parse('2019-07-31T21:59:59Z'), kendt: null })
    expect(showUnit(ctx, 'G10002', before, false)).toBeNull()
  })

  it('is explained by the file and line of each value', async () => {
    const ctx = await openRegister()
    await load(ctx, country)
    const later = ctx.clock.now()
    const now = ctx.register.read((tx) => tx.units.history('G10002')[0])
    if (now === undefined) throw new Error('not there')
    ctx.register.write((tx) => {
      tx.units.write([
        { ...now, fields: { ...now.fields, navn: 'Nyt navn' }, actor: 'nordsystem', validFrom: later, line: 7, planHash: 'p-1' },
      ])
    })
    const explanation = explainUnit(ctx, 'G10002')
    if (explanation === null) throw new Error('not explained')

    const sourceOf = new Map(explanation.values.map(({ felt, source }) => [felt, explanation.sources[source]?.line]))
    expect([sourceOf.get('navn'), sourceOf.get('instType3'), sourceOf.get('overordnet')]).toEqual([7, 3, 3])
    expect(renderExplanation(explanation).da).toContain('grunddata sendes ikke til Unilogin')
    expect(explainUnit(ctx, 'G99999')).toBeNull()
  })
})
