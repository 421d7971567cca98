import { describe, expect, it } from 'vitest'
import { Supplier } from '../../config/settings.ts'
import { passesPNumberModulus } from '../../src/domain/checks/p-number.ts'
import { institutionstyper, lovgrundlag } from '../../src/domain/code-tables.ts'
import { kommuner } from '../../src/domain/kommuner.ts'
import { createKrydsvalidering, ownKrydsMatrix } from '../../src/domain/rules/krydsvalidering.ts'
import { type FieldName, levelOf, parentKind } from '../../src/domain/unit.ts'
import unitsPerKommune from '../../src/sandbox/data/units-per-kommune.json' with { type: 'json' }
import { applyIssuedNumbers } from '../../src/sandbox/generator/apply-issued-numbers.ts'
import { breakFiles } from '../../src/sandbox/generator/broken-files.ts'
import { leftOutOf, type StoryKind } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import {
  type Denmark,
  openUnits,
  parentKey,
  type SandboxUnit,
  sliceKey,
  toSlices,
  unitKey,
} from '../../src/sandbox/generator/denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers, supplierFor, toSupplierSettings } from '../../src/sandbox/generator/suppliers.ts'
import { toTruth } from '../../src/sandbox/generator/truth.ts'

const smallSet = ['147', '151', '163', '210', '330', '400', '563', '615', '740', '766', '825', '851']
const night1 = { loebenummer: 1, dannet: '2026-11-23T22:00:00Z' }
const night2 = { loebenummer: 2, dannet: '2026-11-24T22:00:00Z' }
const small = createDenmark({ seed: 7, kommuner: smallSet })
const whole = createDenmark({ seed: 7 })
const places = whole.units.filter((unit) => unit.kind === 'anvisningsenhed')

const krydsvalidering = createKrydsvalidering(ownKrydsMatrix)

describe('a synthetic Denmark', () => {
  it('is the same for the same seed, byte for byte, and another for another seed', () => {
    const filesOf = (seed: number) =>
      buildNightFiles(createDenmark({ seed, kommuner: smallSet }), sandboxSuppliers, night1).map(toText)

    expect(filesOf(7)).toEqual(filesOf(7))
    expect(filesOf(8)).not.toEqual(filesOf(7))
  })

  it('has exactly the units of each municipality and type that the public counts give, and 25 of type 6022', () => {
    const count = (kommune: string, types: readonly string[]) =>
      places.filter((unit) => unit.fields.kommuneKode === kommune && types.includes(unit.fields.instType3 ?? '')).length

    expect(places).toHaveLength(4817 + 25)
    expect(places.filter((unit) => unit.fields.instType3 === '6022')).toHaveLength(25)
    for (const row of unitsPerKommune) {
      for (const [types, expected] of Object.entries(row.enheder)) {
        expect(count(String(row.kommuneKode), types.split('+')), `${row.navn} ${types}`).toBe(expected)
      }
    }
  })

  it('has the ownership of the public counts, but for the one selvejende dagpleje that the law has no basis for', () => {
    const perEjerform = countBy(places, (unit) => topOf(whole, unit).fields.ejerformKode ?? '')

    expect(perEjerform).toEqual({ '1': 3702 + 25 + 1, '2': 479 - 1, '3': 636 })
  })

  it('splits børnehaver of the two types half and half', () => {
    const types = countBy(places, (unit) => unit.fields.instType3 ?? '')

    expect((types['6011'] ?? 0) + (types['6014'] ?? 0)).toBe(763)
    expect(Math.abs((types['6011'] ?? 0) - (types['6014'] ?? 0))).toBeLessThanOrEqual(1)
  })

  it('has only lawful combinations of ownership, legal basis and type', () => {
    expect(places.filter((unit) => !isLawful(whole, unit))).toEqual([])
  })

  it('gives every unit a parent of the right kind in the same file, and every daginstitution a unit', () => {
    expectSoundTrees(whole)
  })

  it('puts all dagpleje of a municipality under one daginstitution per ownership', () => {
    const dagpleje = places.filter((unit) => unit.fields.instType3 === '6013')
    const roots = new Map(dagpleje.map((unit) => [unitKey(topOf(whole, unit)), topOf(whole, unit)]))
    const perOwner = countBy([...roots.values()], (root) => `${root.admKommuneKode}/${root.fields.ejerformKode}`)

    expect(new Set(Object.values(perOwner))).toEqual(new Set([1]))
  })

  it('carries CVR numbers that pass modulus 11 and start with 9 unless they are the municipality’s own', () => {
    const isSound = ({ fields: { cvrNummer }, admKommuneKode }: SandboxUnit) =>
      cvrNummer === undefined ||
      (passesModulus11(cvrNummer) && (cvrNummer.startsWith('9') || cvrNummer === kommuner.get(admKommuneKode)?.cvr))

    expect(whole.units.filter((unit) => !isSound(unit))).toEqual([])
  })

  it('carries P-numbers that pass modulus 11, about three in a hundred of them shared', () => {
    const numbers = places.map((unit) => unit.fields.pNummer ?? '')

    expect(numbers.filter((value) => !passesPNumberModulus(value))).toEqual([])
    expect(1 - new Set(numbers).size / numbers.length).toBeGreaterThan(0.015)
    expect(1 - new Set(numbers).size / numbers.length).toBeLessThan(0.045)
  })

  it.each<[FieldName, RegExp]>([
    ['pNummer', /^109\d{7}$/],
    ['email', /^[A-Za-z0-9]+@[a-z]+\.example$/],
    ['telefonNummer', /^(0|(\+45)?1[\d ]+(\/1\d{7})?)$/],
  ])('carries no %s that could be a real one', (field, synthetic) => {
    expect(valuesOf(field).filter((value) => !synthetic.test(value))).toEqual([])
    expect(whole.units.every((unit) => unit.nummer === null)).toBe(true)
  })

  it.each<[FieldName, RegExp]>([
    ['navn', /^\S(.{1,98})\S$/],
    ['telefonNummer', /^.{1,20}$/],
    ['email', /^.{1,43}$/],
    ['vejNavn', /^.{3,40}$/],
    ['husNummer', /^[1-9]\d{0,2}[A-Z]?$/],
    ['geoBredde', /^5[4-7]\.\d{7}[1-9]$/],
    ['geoLaengde', /^(8|9|1[0-5])\.\d{7}[1-9]$/],
    ['dawaId', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
    ['lovgrundlagKode', new RegExp(`^(${[...lovgrundlag.keys()].map((key) => key.replace('.', '\\.')).join('|')})$`)],
    ['instType3', new RegExp(`^(${[...institutionstyper.keys()].join('|')})$`)],
  ])('has a %s that fits the data model', (field, shape) => {
    expect(valuesOf(field).filter((value) => !shape.test(value))).toEqual([])
  })

  it.each<[string, number, number, (unit: SandboxUnit) => boolean]>([
    ['has no e-mail', 0.4, 0.04, (unit) => unit.fields.email === undefined],
    ['has no phone', 0.1, 0.02, (unit) => unit.fields.telefonNummer === undefined],
    ['has the phone 0', 0.028, 0.008, (unit) => unit.fields.telefonNummer === '0'],
    ['has a name with æ, ø or å', 0.72, 0.06, (unit) => /[æøå]/i.test(unit.fields.navn ?? '')],
    ['is a Børnehuset', 0.2, 0.04, (unit) => /^børnehuset/i.test(unit.fields.navn ?? '')],
    ['has a house number with a letter', 0.154, 0.03, (unit) => /[A-Z]$/.test(unit.fields.husNummer ?? '')],
    ['is run from another municipality', 0.01, 0.005, (unit) => unit.fields.kommuneKode !== unit.admKommuneKode],
    ['has an address id of the old form', 0.1, 0.03, (unit) => /-e044-/.test(unit.fields.dawaId ?? '')],
  ])('is near the real share of units that %s', (_what, share, tolerance, matches) => {
    expect(Math.abs(places.filter(matches).length / places.length - share)).toBeLessThan(tolerance)
  })

  it('groups units as the defaults say', () => {
    const roots = whole.units.filter((unit) => unit.kind === 'daginstitution')
    const sizes = countBy(places, (unit) => unit.supplierId + unit.parentLokalId)
    const single = roots.filter((root) => sizes[root.supplierId + root.lokalId] === 1).length
    const alternatives = countBy(
      whole.units.filter((unit) => unit.kind === 'alternativAdresse'),
      (unit) => unit.supplierId + unit.parentLokalId,
    )

    expect(single / roots.length).toBeGreaterThan(0.65)
    expect(single / roots.length).toBeLessThan(0.8)
    expect(Object.keys(alternatives).length / places.length).toBeGreaterThan(0.12)
    expect(Object.keys(alternatives).length / places.length).toBeLessThan(0.18)
  })
})

describe('the suppliers', () => {
  it('share the municipalities so that one speaks for each kind of ownership', () => {
    for (const kommuneKode of kommuner.keys()) {
      const municipal = sandboxSuppliers.filter(
        (supplier) => supplier.kommuner !== 'alle' && supplier.kommuner.includes(kommuneKode),
      )
      expect(municipal).toHaveLength(1)
      expect(supplierFor(kommuneKode, '1')).toBe(municipal[0])
      expect(supplierFor(kommuneKode, '3')?.id).toBe('privatkanalen')
    }
  })

  it('give settings that the worker accepts', () => {
    const access = {
      host: '127.0.0.1',
      port: 2222,
      fingerprint: `SHA256:${'A'.repeat(43)}`,
      username: 'havtorn',
      privateKeyFile: '/keys/havtorn',
      folder: 'ud',
    }

    for (const supplier of sandboxSuppliers) {
      const settings = toSupplierSettings(supplier, access)
      expect(Supplier.parse(settings)).toEqual(settings)
    }
  })

  it('write one file per municipality they have units in, in their own format', () => {
    const files = buildNightFiles(whole, sandboxSuppliers, night1)
    const expected = sandboxSuppliers.flatMap((supplier) =>
      toSupplierSettings(supplier, { host: 'h', port: 22, fingerprint: '', username: 'u', folder: '.' }).expects.map(
        (kommuneKode) => sliceKey({ supplierId: supplier.id, kommuneKode }),
      ),
    )

    expect(new Set(files.map(sliceKey))).toEqual(new Set(expected))
    expect(new Set(files.map((file) => `${file.supplierId}/${file.fileName}`)).size).toBe(files.length)
    expect(files.every((file) => file.leverance?.header.antal === file.leverance?.records.length)).toBe(true)
  })

  it('name units by number only after the number was issued, and only when they read their receipts', () => {
    const issued = small.units.map((unit, index) => ({ ...unit, nummer: `G${80_000 + index}` }))
    const numbered = sandboxSuppliers.reduce(
      (denmark, { id }) =>
        applyIssuedNumbers(
          denmark,
          id,
          issued.filter((unit) => unit.supplierId === id),
        ),
      small,
    )

    const files = buildNightFiles(numbered, sandboxSuppliers, night2)

    const usesNumbers = new Set(sandboxSuppliers.filter((supplier) => supplier.usesNumbers).map((supplier) => supplier.id))
    const refs = files.flatMap(
      (file) => file.leverance?.records.map(({ ref }) => ({ ref, numbers: usesNumbers.has(file.supplierId) })) ?? [],
    )
    expect(refs.filter(({ ref, numbers }) => (ref.nummer !== null) !== numbers || (ref.lokalId === null) !== numbers)).toEqual([])
    expect(new Set(refs.map(({ numbers }) => numbers)).size).toBe(2)
  })
})

describe('the next day', () => {
  const { denmark: day2, story } = nextDay(whole, { seed: 7 })
  const before = new Map(whole.units.map((unit) => [unitKey(unit), unit]))
  const after = new Map(day2.units.map((unit) => [unitKey(unit), unit]))
  const linesOf = (change: StoryKind) => story.lines.filter((line) => line.change === change)

  it('changes one to two per cent of the units, in every way there is', () => {
    const changed = new Set(story.lines.filter((line) => line.change !== 'leftOut').map(unitKey))

    expect(changed.size / whole.units.length).toBeGreaterThan(0.01)
    expect(changed.size / whole.units.length).toBeLessThan(0.02)
    expect(Object.values(story.counts).every((count) => count > 0)).toBe(true)
    expect(nextDay(whole, { seed: 7 }).story).toEqual(story)
  })

  it('tells every difference, and only those', () => {
    const told = new Set(story.lines.filter((line) => line.change !== 'leftOut').map(unitKey))
    const different = day2.units.filter((unit) => JSON.stringify(unit) !== JSON.stringify(before.get(unitKey(unit))))

    expect(new Set(different.map(unitKey))).toEqual(told)
    expect(whole.units.every((unit) => after.has(unitKey(unit)))).toBe(true)
  })

  it('leaves every tree sound', () => {
    expectSoundTrees(day2)
  })

  it('moves units within their municipality, ownership and legal basis, and takes their alternative addresses along', () => {
    for (const line of linesOf('moved')) {
      const [from, to] = [topOf(whole, at(before, line)), topOf(day2, at(after, line))]
      expect(unitKey(to)).not.toBe(unitKey(from))
      expect(to.admKommuneKode).toBe(from.admKommuneKode)
      expect(to.fields.ejerformKode).toBe(from.fields.ejerformKode)
      expect(to.fields.lovgrundlagKode).toBe(from.fields.lovgrundlagKode)
    }
  })

  it('closes children before their parent, and opens a parent before its children', () => {
    const order = new Map(story.lines.map((line, index) => [unitKey(line), index]))
    for (const line of [...linesOf('closed'), ...linesOf('opened')]) {
      const parent = parentKey(at(after, line))
      const parentIndex = parent === null ? undefined : order.get(parent)
      if (parentIndex === undefined) continue
      const own = order.get(unitKey(line)) ?? -1
      if (line.change === 'opened') expect(own).toBeGreaterThan(parentIndex)
      else if (at(after, story.lines[parentIndex] ?? line).status === 'nedlagt') expect(own).toBeLessThan(parentIndex)
    }
  })

  it('closes so few units of a file that the guard lets them pass', () => {
    const perFile = countBy(linesOf('closed'), (line) => sliceKey(line))

    expect(Math.max(...Object.values(perFile))).toBeLessThanOrEqual(2)
  })

  it('keeps the combinations lawful', () => {
    const open = openUnits(day2.units).filter((unit) => unit.kind === 'anvisningsenhed')

    expect(open.filter((unit) => !isLawful(day2, unit))).toEqual([])
  })

  it('leaves a third of one file out although nothing closed there', () => {
    const leftOut = leftOutOf(story)
    const files = buildNightFiles(day2, sandboxSuppliers, { ...night2, leftOut })
    const staged = files.find((file) => story.massClosing !== null && sliceKey(file) === sliceKey(story.massClosing))
    const slice = toSlices(day2).find((candidate) => staged !== undefined && sliceKey(candidate) === sliceKey(staged))
    const open = openUnits(slice?.units ?? [])

    expect(staged?.leverance?.records.length).toBe(open.length - leftOut.size)
    expect(leftOut.size / open.length).toBeGreaterThan(0.25)
    expect(leftOut.size / open.length).toBeLessThan(0.45)
    expect(linesOf('closed').some((line) => sliceKey(line) === sliceKey(staged ?? line))).toBe(false)
  })

  it('can be followed by more days, and no id or number is used twice', () => {
    let denmark = small
    for (const seed of [1, 2, 3, 4]) denmark = nextDay(denmark, { seed }).denmark

    expectSoundTrees(denmark)
    expect(new Set(denmark.units.map(unitKey)).size).toBe(denmark.units.length)
    expect(denmark.units.length).toBeGreaterThan(small.units.length)
  })
})

describe('a night of broken files', () => {
  const { denmark: day2, story } = nextDay(whole, { seed: 7 })
  const earlierFiles = buildNightFiles(whole, sandboxSuppliers, night1)
  const files = buildNightFiles(day2, sandboxSuppliers, { ...night2, leftOut: leftOutOf(story) })
  const night = breakFiles({ seed: 7, files, earlierFiles, denmark: day2, story, lateMs: 90_000 })
  const soundFile = (file: { supplierId: string; kommuneKode: string }) =>
    files.find((sound) => sliceKey(sound) === sliceKey(file))
  const fileOf = (expectation: { supplierId: string; fileName: string }) =>
    night.files.find((file) => file.supplierId === expectation.supplierId && file.fileName === expectation.fileName)
  const withNote = (note: string) => night.expectations.filter((expectation) => expectation.note.startsWith(note))

  it('expects something of each file, and spoils in every way', () => {
    expect(night.expectations.map((expectation) => fileOf(expectation))).toEqual(night.files)
    expect(night.files).toHaveLength(files.length + 1)
    expect(countBy(night.expectations, (expectation) => expectation.outcome)).toMatchObject({
      refused: 3,
      'closings held': 1,
      'rows dropped': 7,
    })
    expect(night.files.filter((file) => file.lateMs === 90_000)).toHaveLength(1)
  })

  it('cuts one file off, sends one again, and puts a web page in place of one', () => {
    const [cut, again, page] = ['cut off', 'an earlier file', 'an HTML page'].map((note) => withNote(note)[0])

    for (const expectation of [cut, again, page]) expect(expectation).toBeDefined()
    if (!cut || !again || !page) return
    expect(fileOf(cut)?.bytes.length).toBeLessThan(soundFile(cut)?.bytes.length ?? 0)
    expect(toText(fileOf(again))).toBe(toText(earlierFiles.find((file) => sliceKey(file) === sliceKey(again))))
    expect(fileOf(again)?.fileName).toBe(soundFile(again)?.fileName)
    expect(toText(fileOf(page))).toMatch(/^<!DOCTYPE html>/)
  })

  it('has one file from a system that the municipality did not choose', () => {
    const [foreign] = withNote('from a system')

    expect(foreign?.findings).toEqual(['DTR-11a'])
    expect(supplierFor(foreign?.kommuneKode ?? '', '1')?.id).not.toBe(foreign?.supplierId)
  })

  it('drops one row per defect in each file with spoilt rows, of units that nothing depends on', () => {
    for (const expectation of withNote('some rows')) {
      const [broken, sound] = [fileOf(expectation)?.leverance?.records ?? [], soundFile(expectation)?.leverance?.records ?? []]
      const differing = broken.filter((record, index) => JSON.stringify(record) !== JSON.stringify(sound[index]))
      expect(differing.map((record) => record.ref.lokalId).sort()).toEqual(expectation.rows.map((row) => row.lokalId).sort())
      expect(new Set(expectation.rows.map((row) => row.defect)).size).toBe(5)
      expect(sound.some((record) => expectation.rows.some((row) => row.lokalId === record.parent?.lokalId))).toBe(false)
    }
  })

  it('leaves the truth of refused files as it was, and takes the rest from the new day', () => {
    const firstNight = toTruth(whole)
    const truth = new Map(toTruth(day2, firstNight, night.notApplied).map((unit) => [unitKey(unit), unit]))
    const [old, current] = [firstNight, toTruth(day2)].map((units) => new Map(units.map((unit) => [unitKey(unit), unit])))

    const wrong = toTruth(day2).filter((unit) => {
      const source = night.notApplied.files.has(sliceKey(unit)) ? old : current
      return JSON.stringify(truth.get(unitKey(unit))) !== JSON.stringify(source?.get(unitKey(unit)))
    })
    expect(wrong).toEqual([])
    expect(firstNight.every((unit) => truth.has(unitKey(unit)))).toBe(true)
  })

  it('makes do with a small country', () => {
    const oneDay = nextDay(small, { seed: 7 })
    const input = {
      seed: 7,
      files: buildNightFiles(oneDay.denmark, sandboxSuppliers, { ...night2, leftOut: leftOutOf(oneDay.story) }),
      earlierFiles: buildNightFiles(small, sandboxSuppliers, night1),
      denmark: oneDay.denmark,
      story: oneDay.story,
      lateMs: 1_000,
    }

    expect(new Set(breakFiles(input).expectations.map((expectation) => expectation.outcome))).toEqual(
      new Set(['accepted', 'seen before', 'refused', 'closings held', 'rows dropped']),
    )
  })
})

function expectSoundTrees(denmark: Denmark): void {
  const open = openUnits(denmark.units)
  const byKey = new Map(open.map((unit) => [unitKey(unit), unit]))
  const parents = new Set(open.map((unit) => parentKey(unit)))
  const isSound = (unit: SandboxUnit) => {
    const parent = byKey.get(parentKey(unit) ?? '')
    if (levelOf(unit.kind) === 0) return parent === undefined && parents.has(unitKey(unit))
    return parent?.kind === parentKind[unit.kind] && parent.admKommuneKode === unit.admKommuneKode
  }
  expect(byKey.size).toBe(open.length)
  expect(open.filter((unit) => !isSound(unit))).toEqual([])
}

function isLawful(denmark: Denmark, unit: SandboxUnit): boolean {
  const { ejerformKode = '', lovgrundlagKode = '' } = topOf(denmark, unit).fields
  return krydsvalidering.allows(ejerformKode, lovgrundlagKode, unit.fields.instType3 ?? '')
}

function valuesOf(field: FieldName): string[] {
  return whole.units.flatMap((unit) => unit.fields[field] ?? [])
}

function topOf(denmark: Denmark, unit: SandboxUnit): SandboxUnit {
  const byKey = indexes.get(denmark) ?? new Map(denmark.units.map((candidate) => [unitKey(candidate), candidate]))
  indexes.set(denmark, byKey)
  const parent = byKey.get(parentKey(unit) ?? '')
  return parent === undefined ? unit : topOf(denmark, parent)
}
const indexes = new Map<Denmark, ReadonlyMap<string, SandboxUnit>>()

function at(units: ReadonlyMap<string, SandboxUnit>, place: { supplierId: string; lokalId: string }): SandboxUnit {
  const unit = units.get(unitKey(place))
  if (unit === undefined) throw new Error(`no unit ${unitKey(place)}`)
  return unit
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}

function passesModulus11(cvr: string): boolean {
  const sum = [2, 7, 6, 5, 4, 3, 2, 1].reduce((total, weight, index) => total + weight * Number(cvr[index]), 0)
  return /^\d{8}$/.test(cvr) && sum % 11 === 0
}

function toText(file: NightFile | undefined): string {
  return file === undefined ? '' : `${Buffer.from(file.bytes).toString('latin1')}`
}
