import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AendringerDocument, EksportDocument } from '../../config/documents/exports.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { exportChanges } from '../../src/app/export-changes.ts'
import { momentOf, openExport } from '../../src/app/export-register.ts'
import { levelNames, parseExportRequest } from '../../src/app/export-request.ts'
import { loadBaseline } from '../../src/app/load-baseline.ts'
import { exportRoutes } from '../../src/console/export-routes.ts'
import type { UnitFields } from '../../src/domain/unit.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import { aNight, aVersion } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const openRegister = useRegisters()

const place: UnitFields = { vejNavn: 'Ærtevej', husNummer: '1A', postNummer: '2100', kommuneKode: '101', geoBredde: '55.7' }
const family: readonly NewVersion[] = [
  aVersion('G10001', { fields: { navn: 'Klynge; med "tegn"' } }),
  aVersion('G10002', { kind: 'anvisningsenhed', parentNummer: 'G10001', fields: { ...place, pNummer: '1090000000' } }),
  aVersion('G10003', { kind: 'alternativAdresse', parentNummer: 'G10002', fields: { ...place, etage: 'st' } }),
  aVersion('G20001', {
    admKommuneKode: '461',
    ejerformKode: '3',
    status: 'nedlagt',
    fields: { admKommuneKode: '461', ejerformKode: '3' },
  }),
]

type Asked = Parameters<typeof parseExportRequest>[0]

function textOf(ctx: RegisterContext, asked: Asked = {}): string {
  const opened = openExport(ctx, parseExportRequest(asked))
  try {
    return [...opened.chunks].join('')
  } finally {
    opened.close()
  }
}

function columnOf(csv: string, name: string): string[] {
  const [head = [], ...rows] = csv
    .replace('\uFEFF', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(';'))
  return rows.map((row) => row[head.indexOf(name)] ?? '')
}

describe('a full export', () => {
  it('has every unit, parents first, with what it repeats from above', async () => {
    const ctx = await openRegister(family)
    const csv = textOf(ctx)

    expect(csv.startsWith('\uFEFFdagtilbudsType;daginstitutionsNummer;')).toBe(true)
    expect(csv).toContain('"Klynge; med ""tegn"""')
    const quoted = csv.replace('"Klynge; med ""tegn"""', 'navn')
    expect(columnOf(quoted, 'dagtilbudsType')).toEqual([
      'daginstitution',
      'daginstitution',
      'anvisningsenhed',
      'alternativAdresse',
    ])
    expect(columnOf(quoted, 'daginstitutionsNummer')).toEqual(['G10001', 'G20001', 'G10001', 'G10001'])
    expect(columnOf(quoted, 'ejerformKode_Tekst')).toEqual(['Kommunal', 'Privat', 'Kommunal', 'Kommunal'])
    expect(columnOf(quoted, 'aktivitetsstatus')).toEqual(['Aktiv', 'Nedlagt', 'Aktiv', 'Aktiv'])
    expect(columnOf(quoted, 'senestOpdateret')[0]).toBe('2026-11-24')
    expect(csv).not.toContain('lokalId')
  })

  it('of a level begins with its number, of a municipality has its units only', async () => {
    const ctx = await openRegister(family)

    const heads = [...levelNames.keys()].map((level) => textOf(ctx, { level }).slice(1).split(';')[0])
    expect(heads).toEqual(['dagtilbudsType', 'daginstitutionsNummer', 'anvisningsenhedsNummer', 'alternativAdresseNummer'])
    expect(columnOf(textOf(ctx, { level: 'alternativ-adresse' }), 'daginstitutionsNummer')).toEqual(['G10001'])
    expect(columnOf(textOf(ctx, { kommune: '461' }), 'daginstitutionsNummer')).toEqual(['G20001'])
  })

  it('gives the integer that the setting maps to a section of the law, else the synthetic one', async () => {
    const ctx = await openRegister(family)
    const settings = { ...ctx.settings, kodetabeller: { lovgrundlag: { '12': 'DTL19.2' } } }

    expect(columnOf(textOf(ctx, { kommune: '461' }), 'lovgrundlagKode')).toEqual(['901'])
    expect(columnOf(textOf({ ...ctx, settings }, { kommune: '461' }), 'lovgrundlagKode')).toEqual(['12'])
  })

  it('shows the register as it was, and as it was known', async () => {
    const ctx = await openRegister(family)
    const later = aNight + 86_400_000
    const corrected = aVersion('G20001', { validFrom: aNight, recordedFrom: later, fields: { navn: 'Rettet' } })
    ctx.register.write((tx) => tx.units.write([corrected]))
    const names = (asked: Asked) => columnOf(textOf(ctx, { ...asked, level: 'daginstitution' }), 'dagtilbudsNavn')

    expect(names({})[1]).toBe('Rettet')
    expect(names({ asOf: '2026-11-25' })[1]).toBe('Rettet')
    expect(names({ knownAt: '2026-11-25' })[1]).toBe('Enhed G20001')
    expect(names({ asOf: '2026-11-24' })).toEqual([])
  })

  it('does not see what is written while it is read', async () => {
    const ctx = await openRegister(family)
    const before = textOf(ctx)
    const opened = openExport(ctx, parseExportRequest({}))
    ctx.register.write((tx) => tx.units.write([aVersion('G30001')]))

    expect([...opened.chunks].join('')).toBe(before)
    opened.close()
    expect(textOf(ctx)).not.toBe(before)
  })

  it('in JSON has the published shape and leads on to the changes', async () => {
    const ctx = await openRegister(family)
    const document = EksportDocument.parse(JSON.parse(textOf(ctx, { format: 'json' })))
    ctx.register.write((tx) => tx.units.write([aVersion('G30001')]))

    expect(document.enheder.map(({ nummer }) => nummer)).toEqual(['G10001', 'G20001', 'G10002', 'G10003'])
    const page = exportChanges(ctx, { since: document.naeste, limit: 10 })
    expect(page.aendringer.map(({ nummer }) => nummer)).toEqual(['G30001'])
  })

  it('of an empty register is its head', async () => {
    const ctx = await openRegister()

    expect(textOf(ctx).split('\r\n')).toHaveLength(2)
    expect(EksportDocument.parse(JSON.parse(textOf(ctx, { format: 'json' }))).naeste).toBe('0')
  })
})

const aText = fc
  .string({ unit: fc.constantFrom(...'aæøå Bé;"\\/-.&'), minLength: 1, maxLength: 20 })
  .map((text) => `N${text.trim()}x`)
const aTree = fc
  .array(
    fc.tuple(
      aText,
      fc.constantFrom('101', '461'),
      fc.constantFrom('1', '2'),
      fc.array(fc.tuple(aText, fc.nat(3)), { maxLength: 3 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map((tops) =>
    tops.flatMap(([navn, admKommuneKode, ejerformKode, units], t): NewVersion[] => {
      const owner = { admKommuneKode, ejerformKode }
      const lovgrundlagKode = ejerformKode === '1' ? 'DTL19.2' : 'DTL19.3'
      const top = `G${t}0000`
      const children = units.flatMap(([name, alternatives], u): NewVersion[] => {
        const nummer = `G${t}${u + 1}000`
        const at = { ...place, geoLaengde: '12.5', byNavn: name.slice(0, 40) }
        const fields = { ...at, navn: name, pNummer: '1090000000', email: 'a@b.example' }
        return [
          aVersion(nummer, { ...owner, kind: 'anvisningsenhed', parentNummer: top, fields }),
          ...Array.from({ length: alternatives }, (_, a) =>
            aVersion(`G${t}${u + 1}${a + 1}00`, {
              ...owner,
              kind: 'alternativAdresse',
              parentNummer: nummer,
              fields: { ...at, doer: 'tv' },
            }),
          ),
        ]
      })
      return [aVersion(top, { ...owner, fields: { navn, ...owner, lovgrundlagKode } }), ...children]
    }),
  )

describe('the bytes of an export', () => {
  it('are the same for the same units, in whatever order they were written, and load into the same units', async () => {
    await fc.assert(
      fc.asyncProperty(aTree, fc.infiniteStream(fc.nat()), async (versions, dice) => {
        const [first, second, loaded] = [await openRegister(), await openRegister(), await openRegister()]
        first.register.write((tx) => tx.units.write(versions))
        const shuffled = versions.map((version) => ({ version, at: dice.next().value })).sort((a, b) => a.at - b.at)
        const byLevel = (kind: string) => shuffled.filter(({ version }) => version.kind === kind).map(({ version }) => version)
        for (const kind of ['daginstitution', 'anvisningsenhed', 'alternativAdresse'])
          for (const version of byLevel(kind)) second.register.write((tx) => tx.units.write([version]))
        const csv = textOf(first)
        expect(textOf(second)).toBe(csv)

        const content = async function* () {
          yield Buffer.from(csv)
        }
        if (versions.length > 0)
          await loadBaseline(loaded, { fileName: 'e.csv', content, source: 's', asOf: '2026-11-24', by: 'b', dryRun: false })
        const unitsOf = (ctx: RegisterContext) =>
          ctx.register.read((tx) =>
            [...tx.units.allAsOf(momentOf({ gaelder: null, kendt: null }))].map(
              ({ nummer, kind, parentNummer, status, fields, admKommuneKode, ejerformKode }) => {
                return { nummer, kind, parentNummer, status, fields, admKommuneKode, ejerformKode }
              },
            ),
          )
        expect(unitsOf(loaded)).toEqual(unitsOf(first))
      }),
      { numRuns: 4 },
    )
  })
})

describe('changes since a place', () => {
  it('come in pages without a gap, each leading to the next', async () => {
    const ctx = await openRegister(family)
    const seen: number[] = []
    let since = '0'
    for (;;) {
      const page = exportChanges(ctx, { since, limit: 3 })
      AendringerDocument.parse(page)
      seen.push(...page.aendringer.map(({ position }) => position))
      since = page.naeste
      if (!page.flere) break
    }

    expect(seen).toEqual([1, 2, 3, 4])
    expect(exportChanges(ctx, { since, limit: 3 })).toMatchObject({ aendringer: [], naeste: since, flere: false })
    expect(exportChanges(ctx, { since: '2', limit: 1 }).aendringer[0]?.position).toBe(3)
  })

  it('are refused at a place that a restored register has given to something else, or has not reached', async () => {
    const [ctx, restored] = [await openRegister(family), await openRegister(family.slice(0, 3))]
    const { naeste } = exportChanges(ctx, { since: '0', limit: 10 })
    expect(() => exportChanges(restored, { since: naeste, limit: 10 })).toThrow('did not tell that there')
    restored.register.write((tx) => tx.units.write([aVersion('G30001')]))

    for (const since of [naeste, '5', 'x', '-1', `${naeste}0`])
      expect(() => exportChanges(restored, { since, limit: 10 })).toThrow(
        expect.objectContaining({ code: 'EXPORT_POSITION_UNKNOWN' }),
      )
  })
})

describe('exports over HTTP', () => {
  const open = async (ctx: RegisterContext) => {
    const server = serve({ fetch: exportRoutes(ctx).fetch, hostname: '127.0.0.1', port: 0 })
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}/${path}`, init)
  }

  it('are the same bytes, with a tag that stands until the register moves', async () => {
    const ctx = await openRegister(family)
    const get = await open(ctx)
    const answer = await get('samlet.csv')
    const etag = answer.headers.get('etag') ?? ''

    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(textOf(ctx))
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect((await get('samlet.csv', { headers: { 'If-None-Match': etag } })).status).toBe(304)
    expect((await get('samlet.csv?kommune=101')).headers.get('etag')).not.toBe(etag)
    const head = await get('samlet.csv', { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])
    ctx.register.write((tx) => tx.units.write([aVersion('G30001')]))
    expect((await get('samlet.csv', { headers: { 'If-None-Match': etag } })).status).toBe(200)
  })

  it('lead from a full export to the changes', async () => {
    const ctx = await openRegister(family)
    const get = await open(ctx)
    const next = (await get('samlet.csv', { method: 'HEAD' })).headers.get('dagtilbud-naeste')

    expect(await (await get(`changes?since=${next}`)).json()).toMatchObject({ aendringer: [], flere: false })
  })

  it.each([
    ['samlet.xml', 400],
    ['alt.csv', 400],
    ['samlet.csv?kommune=999', 400],
    ['samlet.csv?kommunekode=101', 400],
    ['samlet.csv?as-of=2026-03-29T02:30', 400],
    ['changes?limit=0', 400],
    ['changes?since=99', 409],
    ['nothing', 404],
  ])('answer %s with %i and what to do', async (path, status) => {
    const get = await open(await openRegister(family))
    const answer = await get(path)

    expect(answer.status).toBe(status)
    if (status !== 404)
      expect(await answer.json()).toMatchObject({ error: expect.stringMatching(/^(EXPORT|MOMENT)_/), hint: expect.any(String) })
  })
})
