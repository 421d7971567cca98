import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { buildPlan, limitsOf, plannedBy } from '../../src/app/build-plan.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { siftFile } from '../../src/app/sift-file.ts'
import type { ChangePlan } from '../../src/domain/change-plan.ts'
import type { DeliveryHeader } from '../../src/domain/delivery-file.ts'
import type { RegisterView } from '../../src/domain/diff-register.ts'
import { kommuner } from '../../src/domain/kommuner.ts'
import { makePlan } from '../../src/domain/make-plan.ts'
import { toStagedText } from '../../src/domain/sift-records.ts'
import {
  type FieldName,
  levelOf,
  notTakenBack,
  parentKind,
  type StagedRecord,
  type UnitFields,
  type UnitKind,
  type UnitRef,
  unitKinds,
} from '../../src/domain/unit.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import type { RegisterTx } from '../../src/ports/register.ts'
import { aClock, aMandate, aRecord, aSupplier, aVersion, fastFolder, silentLog, someSettings } from '../kit/builders.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'

const { supplierId } = aMandate
const settings = someSettings({ suppliers: [aSupplier(supplierId, { ejerformer: ['1', '2', '4'] })] })
/** A municipality for each case, so that one register serves them all. */
const codes = [...kommuner.keys()]
const cases = Math.min(900, Number(env['SIFT_RUNS'] ?? 40))

let folder: string
let ctx: RegisterContext

beforeAll(async () => {
  folder = mkdtempSync(join(fastFolder(), 'dagtilbud-sift-'))
  const register = openRegister(join(folder, 'register.sqlite'))
  const files = await createFolderFileStore(join(folder, 'files'))
  ctx = { clock: aClock(), log: silentLog, settings, files, register }
})
afterAll(() => {
  ctx.register.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A file as validation hands it on. */
interface Told {
  readonly records: readonly StagedRecord[]
  readonly rejectedRefs: readonly UnitRef[]
  readonly header: DeliveryHeader
}

/** The plan of a file as it is made, the plan that follows from all records and all the supplier's ids, and how much was set aside. */
async function plansOf({
  records,
  rejectedRefs,
  header,
}: Told): Promise<{ made: ChangePlan; plain: ChangePlan; settled: number }> {
  const lines = records.map((record) => `${toStagedText(record)}\n`).join('')
  const { sha256: stagedSha256 } = await ctx.files.put(lines)
  const file = { supplierId, date: '2026-11-24' }
  const checked = {
    fileId: 'f-1',
    ...file,
    header,
    ruleSet: 'r1',
    rejectedRefs,
    rejectedWithoutKey: 0,
    ...plannedBy(settings, file),
  }
  const sifted = await siftFile(ctx, { ...checked, stagedSha256, isToldAnew: () => false })
  const standing = records.filter(notTakenBack(rejectedRefs))
  return ctx.register.read((tx) => ({
    made: buildPlan(tx, settings, { ...checked, ...sifted }),
    plain: makePlan({
      ...checked,
      records: standing,
      view: plainView(tx, header.kommuneKode, standing),
      baseVersion: 0,
      limits: limitsOf(settings.guards, header.kommuneKode),
      history: [],
      routineTimes: settings.guards.history.times,
      approved: new Set(),
    }),
    settled: sifted.settled.size,
  }))
}

/** The municipality's open units, those that records name, and every id of the supplier. */
function plainView(tx: RegisterTx, kommuneKode: string, records: readonly StagedRecord[]): RegisterView {
  const numbersByLokalId = tx.units.numbersByLokalId(supplierId)
  const refs = records.flatMap(({ ref, parent }) => (parent === null ? [ref] : [ref, parent]))
  const named = refs.flatMap(({ nummer, lokalId }) => nummer ?? numbersByLokalId.get(lokalId ?? '') ?? [])
  const units = new Map(tx.units.openInKommune(kommuneKode).map((unit) => [unit.nummer, unit]))
  for (const unit of tx.units.byNumbers(named)) if (!units.has(unit.nummer)) units.set(unit.nummer, unit)
  return { units, numbersByLokalId, settled: new Map() }
}

/** Mostly the first, sometimes one of the others. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 6 * Math.max(1, others.length) },
    { arbitrary: fc.constantFrom(usual, ...others), weight: others.length },
  )

/** A unit of the register, and what the file says of it. */
const item = fc.record({
  kind: fc.constantFrom(...unitKinds),
  parent: fc.nat({ max: 9 }),
  state: mostly('open', 'closed', 'private', 'foreign', 'absent'),
  row: fc.oneof(fc.constant('same'), mostly('same', 'renamed', 'moved', 'closed', 'none', 'twin', 'ny')),
  names: fc.constantFrom('number', 'number', 'id', 'id', 'both', 'other id', 'second id'),
  parentBy: fc.constantFrom('number', 'id', 'both'),
  /** False: the supplier has one id for it, and not the usual one. */
  hasId: mostly(true, false),
  place: fc.nat({ max: 3 }),
  type: mostly('6012', '6013'),
  isRejected: mostly(false, true),
})

const drawn = fc.record({
  items: fc.array(item, { minLength: 3, maxLength: 12 }),
  art: fc.constantFrom('fuld' as const, 'fuld' as const, 'delta' as const),
  niveauer: mostly<readonly UnitKind[]>(unitKinds, ['daginstitution', 'anvisningsenhed']),
  inOrder: mostly(true, false),
  untold: mostly<readonly FieldName[]>([], ['etage']),
  /** A supplier that has written every id anew. */
  renumbered: mostly(false, true),
})
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never

/** Streets that are one but for case and blanks, and one that is another. */
const places: readonly UnitFields[] = [
  { vejNavn: 'Ærtevej', husNummer: '1', pNummer: '1090000001' },
  { vejNavn: 'ÆRTE VEJ', husNummer: '1', pNummer: '1090000002' },
  { vejNavn: 'Bygade', husNummer: '2', pNummer: '1090000001', etage: '1' },
  { vejNavn: 'Bygade', husNummer: '2', email: '"x\\y"@æ.example\u2028\u0001', pNummer: '1090000003' },
]

function aCase(
  { items, renumbered, ...drawnFile }: Drawn,
  n: number,
): { units: NewVersion[]; ids: { lokalId: string; nummer: string }[]; told: Told } {
  const kommuneKode = codes[n % codes.length] as string
  const nummerOf = (i: number) => `G${String(n * 100 + i).padStart(5, '0')}`
  const idOf = (i: number) => `${n}-${i}`
  const kinds: UnitKind[] = []
  const parentOf: (number | null)[] = []
  for (const { kind, parent } of items) {
    const above = kinds.flatMap((other, i) => (other === parentKind[kind] ? [i] : []))
    kinds.push(above.length === 0 ? 'daginstitution' : kind)
    parentOf.push(above.length === 0 ? null : (above[parent % above.length] as number))
  }
  const fieldsOf = (i: number, place: number): UnitFields =>
    kinds[i] === 'daginstitution'
      ? { navn: `Klynge ${place}`, admKommuneKode: kommuneKode }
      : {
          navn: `Enhed ${place}`,
          ...places[place],
          ...(kinds[i] === 'anvisningsenhed' ? { instType3: items[i]?.type ?? '' } : {}),
        }

  const units = items.flatMap(({ state, place }, i): NewVersion[] => {
    const parent = parentOf[i] ?? null
    if (state === 'absent' && !parentOf.includes(i)) return []
    const kind = kinds[i] as UnitKind
    return [
      aVersion(nummerOf(i), {
        kind,
        parentNummer: parent === null ? null : nummerOf(parent),
        fields: fieldsOf(i, place),
        status: state === 'closed' ? 'nedlagt' : 'aktiv',
        admKommuneKode: state === 'foreign' ? '999' : kommuneKode,
        ejerformKode: state === 'private' ? '3' : '1',
      }),
    ]
  })
  const inRegister = new Set(units.map(({ nummer }) => nummer))
  const ids = items.flatMap(({ hasId }, i) => {
    const nummer = nummerOf(i)
    const known = hasId ? [idOf(i), `${idOf(i)}b`] : [`${idOf(i)}b`]
    return inRegister.has(nummer) ? known.map((lokalId) => ({ lokalId, nummer })) : []
  })
  const lokalIdOf = (i: number, by: string) =>
    ({ number: null, 'other id': idOf((i + 1) % items.length), 'second id': `${idOf(i)}b` })[by]
  const refOf = (i: number, by: string): UnitRef => {
    if (renumbered) return { nummer: null, lokalId: `igen-${n}-${i}` }
    const lokalId = lokalIdOf(i, by)
    return { nummer: by === 'id' || by === 'second id' ? null : nummerOf(i), lokalId: lokalId === undefined ? idOf(i) : lokalId }
  }
  const records = items.flatMap(({ row, names, parentBy, place, parent }, i): StagedRecord[] => {
    if (row === 'none') return []
    const kind = kinds[i] as UnitKind
    const above = kinds.flatMap((other, j) => (other === parentKind[kind] ? [j] : []))
    const under = row === 'moved' && above.length > 0 ? (above[(parent + 1) % above.length] ?? null) : (parentOf[i] ?? null)
    const record: StagedRecord = {
      ...aRecord(nummerOf(i), { kind, fields: fieldsOf(i, row === 'renamed' ? (place + 1) % 4 : place) }),
      ref: row === 'ny' ? { nummer: null, lokalId: `ny-${n}-${i}` } : refOf(i, names),
      parent: under === null ? null : refOf(under, parentBy),
      status: row === 'closed' ? 'nedlagt' : 'aktiv',
    }
    if (row !== 'twin') return [record]
    return [record, { ...record, ref: refOf(i, names === 'id' ? 'number' : 'id'), position: { ...record.position, column: 99 } }]
  })
  const { art, niveauer, inOrder, untold } = drawnFile
  return {
    units,
    ids,
    told: {
      records: inOrder ? records.sort((a, b) => levelOf(a.kind) - levelOf(b.kind)) : records.reverse(),
      rejectedRefs: items.flatMap(({ isRejected, names }, i) => (isRejected ? [refOf(i, names)] : [])),
      header: {
        ...aGoodLeverance().header,
        kommuneKode,
        art,
        niveauer: [...niveauer],
        ...(untold.length > 0 ? { udenFelter: untold } : {}),
      },
    },
  }
}

describe('what a file says as the register has it', () => {
  it('is set aside without changing anything of the plan', async () => {
    let n = 0
    let settled = 0
    await fc.assert(
      fc.asyncProperty(drawn, async (file) => {
        const { units, ids, told } = aCase(file, n++)
        ctx.register.write((tx) => {
          tx.units.write(units)
          tx.units.mapLokalIds(supplierId, ids)
        })

        const plans = await plansOf(told)

        expect(plans.made).toEqual(plans.plain)
        settled += plans.settled
      }),
      { numRuns: cases, endOnFailure: true },
    )
    expect(settled).toBeGreaterThan(cases)
  })
})
