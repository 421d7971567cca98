import { describe, expect, it } from 'vitest'
import { validateDelivery } from '../../../src/app/validate-delivery.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { aDaginstitution, aGoodLeverance, aLeverance, anAnvisningsenhed } from '../../kit/make-leverance.ts'
import { toPieces, validateBytes } from '../../kit/validate-text.ts'

describe('validation', () => {
  it('reports every fault of a record, not only the first', async () => {
    const records = [
      aDaginstitution('D1'),
      anAnvisningsenhed('E1', 'D1', { navn: '', instType3: '1', husNummer: 'x', pNummer: '1' }),
    ]

    const { result } = await validateBytes('a.xml', writeLeveranceXml(aLeverance(records)))

    expect(result.findings.filter(({ key }) => key === 'lokal:E1').map(({ code, field }) => `${code} ${field}`)).toEqual([
      'DTR-01a EnhedsNavn',
      'DTR-02a InstType3',
      'LOK-22c husNummer',
      'DTR-01c PNummer',
    ])
  })

  it('names the units of dropped records, so that they do not count as missing', async () => {
    const records = [
      aDaginstitution('D1'),
      anAnvisningsenhed('E1', 'D1', { husNummer: 'x' }),
      { ...anAnvisningsenhed('E2', 'D1', { husNummer: 'x' }), ref: { nummer: 'G80002', lokalId: 'E2' } },
      { ...anAnvisningsenhed('E3', 'D1', { husNummer: 'x' }), ref: { nummer: null, lokalId: null } },
    ]

    const { result } = await validateBytes('a.xml', writeLeveranceXml(aLeverance(records)))

    expect(result.rejectedRefs).toEqual([
      { nummer: null, lokalId: 'E1' },
      { nummer: 'G80002', lokalId: 'E2' },
    ])
    expect(result.rejectedWithoutKey).toBe(1)
  })

  it('takes back a record that a later one contradicts, and keeps one that is repeated word for word', async () => {
    const twice = aLeverance([
      aDaginstitution('D1'),
      anAnvisningsenhed('E1', 'D1'),
      anAnvisningsenhed('E1', 'D1', { email: 'x@y.example' }),
    ])
    const again = aLeverance([aDaginstitution('D1'), anAnvisningsenhed('E1', 'D1'), anAnvisningsenhed('E1', 'D1')])

    const contradicted = await validateBytes('a.xml', writeLeveranceXml(twice))
    const repeated = await validateBytes('a.xml', writeLeveranceXml(again))

    expect(contradicted.result.rejectedRefs).toContainEqual({ nummer: null, lokalId: 'E1' })
    expect(contradicted.result.counts).toEqual({ read: 3, accepted: 1, rejected: 2 })
    expect(repeated.result.rejectedRefs).toEqual([])
    expect(repeated.result.counts).toEqual({ read: 3, accepted: 2, rejected: 1 })
  })

  it('hands records on in the order of the file and waits for a slow taker', async () => {
    const taken: string[] = []
    let busy = 0

    await validateDelivery({
      fileName: 'a.xml',
      content: toPieces(Buffer.from(writeLeveranceXml(aGoodLeverance())), 50),
      mandate: null,
      codeMap: {},
      emit: async ({ ref }) => {
        busy += 1
        await Promise.resolve()
        expect(busy).toBe(1)
        busy -= 1
        taken.push(ref.lokalId ?? '')
      },
    })

    expect(taken).toEqual(['D1', 'D2', 'E1', 'E2', 'E3', 'A1'])
  })

  it('lets errors of the source through, for they are not in the file', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(writeLeveranceXml(aGoodLeverance()))
      throw new Error('disk')
    }

    await expect(
      validateDelivery({ fileName: 'a.xml', content: broken(), mandate: null, codeMap: {}, emit: () => undefined }),
    ).rejects.toThrow('disk')
  })

  it('lets other work go on while it reads', async () => {
    const records = Array.from({ length: 4_000 }, (_, i) => aDaginstitution(`D${i}`))
    let turns = 0
    let running = true
    const turn = (): void => {
      turns += 1
      if (running) setImmediate(turn)
    }
    setImmediate(turn)

    const text = writeLeveranceXml(aLeverance(records, { art: 'delta' }))
    expect(text.length).toBeGreaterThan(16 * 65_536)
    await validateBytes('a.xml', text)
    running = false

    // One for each 64 KB.
    expect(turns).toBeGreaterThan(16)
  })

  it('maps an integer of lovgrundlagKode by the setting, and says when it knows none', async () => {
    const text = writeLeveranceXml(aGoodLeverance()).replaceAll('>901<', '>19<')

    expect((await validateBytes('a.xml', text, { codeMap: { '19': 'DTL19.2' } })).staged[0]?.fields.lovgrundlagKode).toBe(
      'DTL19.2',
    )
    expect((await validateBytes('a.xml', text)).result.findingCounts['DTR-02b']).toBe(1)
  })

  it('names its rules anew when a setting changes them', async () => {
    const text = writeLeveranceXml(aGoodLeverance())
    const plain = await validateBytes('a.xml', text)
    const eased = await validateBytes('a.xml', text, { rules: { levels: { 'LOK-01': 'warning' } } })

    expect(plain.result.ruleSet).toMatch(/^1\.1\+[0-9a-f]{8}$/)
    expect(eased.result.ruleSet).not.toBe(plain.result.ruleSet)
  })
})
