import { describe, expect, it } from 'vitest'
import { putDocument } from '../../src/app/documents.ts'
import { qualityReport } from '../../src/app/quality-report.ts'
import { readUniloginList } from '../../src/app/read-unilogin-list.ts'
import { renderQuality } from '../../src/cli/quality.ts'
import type { DeliveryHeader } from '../../src/domain/delivery-file.ts'
import { canonicalJson } from '../../src/domain/ids.ts'
import { unitKinds } from '../../src/domain/unit.ts'
import { widthOf } from '../kit/a-screen.ts'
import { aFile, aMandate, aNightRun, aRecord, aVersion, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const openRegister = useRegisters()
const sound = { pNummer: '1090000000', cvrNummer: '64942212' }
const baseline = { actor: 'baseline:DST' }

/** A municipality of two families, of which a whole file has the first and one unit more. */
async function aMunicipality() {
  const ctx = await openRegister([
    aVersion('G10001', baseline),
    aVersion('G10002', { ...baseline, kind: 'anvisningsenhed', parentNummer: 'G10001', fields: sound }),
    aVersion('G20001', baseline),
    aVersion('G20002', { kind: 'anvisningsenhed', parentNummer: 'G20001', status: 'nedlagt' }),
  ])
  const header: DeliveryHeader = {
    format: 'leverance-xml',
    leverandoer: null,
    kommuneKode: '101',
    art: 'fuld',
    loebenummer: 1,
    dannet: null,
    antal: null,
    niveauer: unitKinds,
    gyldigFra: null,
  }
  const records = [
    aRecord('G10001'),
    aRecord('G10002', { kind: 'anvisningsenhed', parent: 'G10001', fields: sound }),
    aRecord('lokal:ny', { kind: 'anvisningsenhed', parent: 'G10001', fields: { ...sound, navn: 'Ny' } }),
  ]
  const staged = await ctx.files.put(records.map((record) => `${canonicalJson(record)}\n`).join(''))
  const rejected = await putDocument(ctx.files, [])
  ctx.register.write((tx) => {
    tx.nights.insert(aNightRun())
    const file = aFile('f-1', {
      state: 'validated',
      ruleSet: '1',
      stagedSha256: staged.sha256,
      rejectedRefsSha256: rejected.sha256,
    })
    tx.files.insert(file)
    tx.files.update('f-1', { header })
    tx.files.addFindings('f-1', [
      {
        code: 'DTR-01a',
        level: 'record',
        line: 9,
        column: 1,
        kind: 'anvisningsenhed',
        key: 'G10009',
        field: 'pNummer',
        value: '',
        facts: {},
      },
      { code: 'LOK-09', level: 'warning', line: 3, column: 1, kind: null, key: null, field: null, value: null, facts: {} },
    ])
  })
  const supplier = { id: aMandate.supplierId, navn: 'N', host: 'h', username: 'u', kommuner: ['101'] }
  const hostKeys = { current: `SHA256:${'A'.repeat(43)}` }
  const settings = someSettings({ suppliers: [{ ...supplier, hostKeys, passwordFile: 'x' }] })
  return { ...ctx, settings }
}

describe('the quality report of a municipality', () => {
  it('compares its last file with the register both ways, and names who must act', async () => {
    const ctx = await aMunicipality()
    const report = await qualityReport(ctx, '101', null)
    const seen = report.lines.map(({ check, nummer }) => [check, nummer])

    expect(seen).toEqual([
      ['raekke-afvist', 'G10009'],
      ['fund', null],
      ['kun-i-fil', null],
      ['kun-i-register', 'G20001'],
      ['uden-enheder', 'G20001'],
      ['grunddata', 'G20001'],
    ])
    expect(report.baseline).toEqual({ units: 3, confirmed: 2 })
    const text = renderQuality(report)
    expect(text.da).toContain('linje 9: DTR-01a Feltet pNummer er obligatorisk og mangler.')
    expect(text.da).toContain('kommune: bekræft, at enheden er nedlagt')
    expect(widthOf(text)).toBeLessThanOrEqual(100)
  })

  it('finds what is in Unilogin only, with a match and the deadline, and what is closed here', async () => {
    const ctx = await aMunicipality()
    const list =
      'InstNavn;instnr;adresse;postnr\r\nEnhed G10002;A12345;Prøvevej 02;2000\r\nx;G10001;;2000\r\ny;G20002;;2000\r\nz;B1;;5000\r\n'
    const rows = await readUniloginList(bytes(list))
    const own = rows.map((row) => ({ ...row, kommunenr: row.postnr === '2000' ? '101' : '461' }))
    const report = await qualityReport(ctx, '101', own)
    const found = report.lines.filter(({ check }) => check.endsWith('unilogin') || check.startsWith('nedlagt'))

    expect(found).toMatchObject([
      {
        nummer: 'A12345',
        tekst: expect.objectContaining({ da: expect.stringContaining('når ikke fristen morgen 2026-11-24 06:00') }),
        forslag: [{ nummer: 'G10002', score: 100 }],
      },
      { check: 'nedlagt-i-register', nummer: 'G20002' },
    ])
  })

  it('goes on when the file can no longer be read', async () => {
    const ctx = await aMunicipality()
    ctx.register.write((tx) => tx.files.update('f-1', { stagedSha256: 'a'.repeat(64) }))
    const { lines } = await qualityReport(ctx, '101', null)

    expect(lines.find(({ check }) => check === 'os')?.tekst.da).toContain('STORE_BLOB_MISSING')
    expect(lines.some(({ check }) => check === 'uden-enheder')).toBe(true)
  })

  it('of one without anything says that nobody must act', async () => {
    expect(renderQuality(await qualityReport(await openRegister(), '461', null)).da).toContain('Ingen skal gøre noget.')
  })
})

describe('a list from Unilogin', () => {
  it.each([
    ['', 'empty'],
    ['a;b\n1;2\n', 'instnr and instnavn'],
    ['instnr;instnavn\n"x', 'FIL-'],
  ])('%j is refused: %s', async (text, seen) => {
    await expect(readUniloginList(bytes(text))).rejects.toMatchObject({
      code: 'UNILOGIN_LIST_UNREADABLE',
      message: expect.stringContaining(seen),
    })
  })
})

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
