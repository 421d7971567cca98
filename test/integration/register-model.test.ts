import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { addDays, type BusinessDate, fromWallTime, type Instant } from '../../src/domain/time.ts'
import { levelOf, type StagedRecord, type UnitKind, unitKinds } from '../../src/domain/unit.ts'
import { sealLeverance } from '../../src/formats/seal-leverance.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import type { FileStore } from '../../src/ports/file-store.ts'
import type { DeliveryFile } from '../../src/ports/register/files.ts'
import { createRandom, type Random } from '../../src/sandbox/generator/random.ts'
import { aSupplier, fastFolder, kommune, someSettings } from '../kit/builders.ts'
import { aDaginstitution, aLeverance, anAlternativAdresse, anAnvisningsenhed } from '../kit/make-leverance.ts'
import { type DroppedFile, emptyRegister, openRegisterLine, type RegisterLine } from '../kit/register-line.ts'

/** How many random histories are tried: 1,000 on the build server, fewer at a desk, more on request. */
const runs = Number(env['MODEL_RUNS'] ?? (env['CI'] === undefined ? 30 : 1_000))
const dates = ['2026-11-24', '2026-11-25', '2026-11-26'] as const

/** A municipality's own system and the channel of its private units. */
const suppliers = {
  nordsystem: { ejerform: '1', lovgrundlag: 'DTL19.2' },
  privat: { ejerform: '3', lovgrundlag: 'DTL19.5' },
} as const
type SupplierId = keyof typeof suppliers
const supplierIds = Object.keys(suppliers) as SupplierId[]
const noLimit = { ratio: 1, floor: 1_000_000 }
const settings = someSettings({
  suppliers: supplierIds.map((id) => aSupplier(id, { kommuner: [kommune], ejerformer: [suppliers[id].ejerform] })),
  guards: { nedlaeg: noLimit, flyt: noLimit, ejerskab: noLimit, omdoeb: noLimit, identitet: noLimit },
})

/** A unit as a supplier's own system has it. */
interface Own {
  readonly lokalId: string
  readonly kind: UnitKind
  readonly parent: string | null
  readonly navn: string
}

/** A file, and what it says. */
interface Told extends DroppedFile {
  readonly supplierId: SupplierId
  readonly loebenummer: number
  readonly fuld: boolean
  readonly gyldigFra: BusinessDate | null
  readonly units: readonly Own[]
  readonly closed: readonly Own[]
}

/** A unit in the plain model of the register. */
interface ModelUnit {
  readonly nummer: string
  readonly supplierId: SupplierId
  readonly kind: UnitKind
  readonly parent: string | null
  readonly navn: string
  readonly open: boolean
}

/** The register as a few maps: what it should be, written as plainly as it can be. */
class Model {
  readonly units = new Map<string, ModelUnit>()
  readonly numbers = new Map<string, string>()
  /** States in the order in which they were told: from when they hold, and when we came to know. */
  readonly history: { from: Instant; at: Instant; unit: ModelUnit }[] = []
  private readonly last = new Map<SupplierId, number>()
  private readonly seen = new Set<string>()
  private issued = 80_000

  /** False when a file is refused or known already. */
  receive(file: Told): boolean {
    const key = file.bytes.toString('latin1')
    if (this.seen.has(key)) return false
    this.seen.add(key)
    return file.loebenummer > (this.last.get(file.supplierId) ?? 0)
  }

  /** Applies a file and gives its deltas as `operation number`. */
  apply(file: Told, at: Instant): string[] {
    this.last.set(file.supplierId, Math.max(file.loebenummer, this.last.get(file.supplierId) ?? 0))
    const deltas: string[] = []
    const put = (operation: string, unit: ModelUnit) => {
      this.units.set(unit.nummer, unit)
      deltas.push(`${operation} ${unit.nummer}`)
    }
    const before = new Map(this.units)
    const inOrder = [...file.units].sort((a, b) => levelOf(a.kind) - levelOf(b.kind) || (a.lokalId < b.lokalId ? -1 : 1))
    const place = ({ parent }: Own) => (parent === null ? null : this.numberOf(file.supplierId, parent))

    for (const own of inOrder) {
      const known = this.numberOf(file.supplierId, own.lokalId)
      if (known !== null && this.units.get(known)?.open === true) continue
      const parent = place(own)
      if (own.parent !== null && (parent === null || this.units.get(parent)?.open !== true)) continue
      const nummer = `G${this.issued++}`
      this.numbers.set(`${file.supplierId}/${own.lokalId}`, nummer)
      put('opret', { nummer, supplierId: file.supplierId, kind: own.kind, parent, navn: own.navn, open: true })
    }
    for (const own of inOrder) {
      const unit = before.get(this.numberOf(file.supplierId, own.lokalId) ?? '')
      if (unit === undefined || !unit.open) continue
      const parent = place(own)
      if (own.parent !== null && (parent === null || this.units.get(parent)?.open !== true)) continue
      if (parent !== unit.parent) put('flyt', { ...unit, parent })
      if (own.navn !== unit.navn) put('opdater', { ...unit, parent, navn: own.navn })
    }
    const said = new Set(file.units.map(({ lokalId }) => this.numberOf(file.supplierId, lokalId)))
    const gone = file.fuld
      ? [...before.values()].filter((unit) => unit.supplierId === file.supplierId && !said.has(unit.nummer))
      : file.closed.flatMap(({ lokalId }) => before.get(this.numberOf(file.supplierId, lokalId) ?? '') ?? [])
    const leaving = new Set(gone.filter(({ open }) => open).map(({ nummer }) => nummer))
    for (let changed = true; changed; ) {
      changed = false
      for (const unit of this.units.values()) {
        if (!unit.open || leaving.has(unit.nummer) || unit.parent === null || !leaving.has(unit.parent)) continue
        leaving.delete(unit.parent)
        changed = true
      }
    }
    for (const nummer of leaving) put('nedlaeg', { ...(this.units.get(nummer) as ModelUnit), open: false })
    const from = file.gyldigFra === null ? at : fromWallTime(file.gyldigFra, '00:00')
    for (const nummer of new Set(deltas.map((delta) => delta.split(' ')[1] ?? '')))
      this.history.push({ from, at, unit: this.units.get(nummer) as ModelUnit })
    return deltas.sort()
  }

  asOf(at: Instant, knownAt: Instant): ModelUnit[] {
    const state = new Map<string, ModelUnit>()
    for (const entry of this.history) if (entry.from <= at && entry.at <= knownAt) state.set(entry.unit.nummer, entry.unit)
    return [...state.values()]
  }

  private numberOf(supplierId: SupplierId, lokalId: string): string | null {
    return this.numbers.get(`${supplierId}/${lokalId}`) ?? null
  }
}

/** A supplier's own system: a tree that changes, and the files it makes of it. */
class System {
  private readonly units = new Map<string, Own>()
  private told = new Map<string, Own>()
  private planned: Own[] = []
  private serial = 0
  private loebenummer = 0

  private readonly supplierId: SupplierId
  private readonly random: Random

  constructor(supplierId: SupplierId, random: Random) {
    this.supplierId = supplierId
    this.random = random
    // One cluster stays: a file that closes all that a supplier has is always held.
    this.open('anvisningsenhed', this.open('daginstitution', null))
    for (let n = random.between(3, 8); n > 0; n--) this.change()
  }

  change(): void {
    const { random } = this
    const any = (kind: UnitKind) => this.changeable(kind)
    const change = random.pickWeighted<() => void>([
      [() => this.open('anvisningsenhed', this.open('daginstitution', null)), 2],
      [() => this.open('anvisningsenhed', random.pick(this.of('daginstitution')).lokalId), 3],
      [() => this.open('alternativAdresse', random.pick(this.of('anvisningsenhed')).lokalId), 3],
      [() => this.rename(random.pick([...this.units.values()])), 3],
      [() => this.move(any('anvisningsenhed'), 'daginstitution'), 5],
      [() => this.move(any('alternativAdresse'), 'anvisningsenhed'), 5],
      [() => this.closeTree(any('daginstitution')), 1],
      [() => this.merge(any('anvisningsenhed')), 2],
      [() => this.closeTree(any('alternativAdresse')), 2],
    ])
    change()
  }

  /** What was planned for this night is now so. */
  wake(): void {
    for (const unit of this.planned) {
      this.units.set(unit.lokalId, unit)
      this.told.set(unit.lokalId, unit)
    }
    this.planned = []
  }

  /** A file of what is to hold from a later night on, about the cluster that stays. */
  plan(gyldigFra: BusinessDate): Told {
    const top = this.units.get('D1') as Own
    const lokalId = `E${++this.serial}`
    const opened: Own = { lokalId, kind: 'anvisningsenhed', parent: 'D1', navn: `${this.supplierId} ${lokalId}` }
    this.planned = this.random.pick([[{ ...top, navn: `${top.navn}*` }], [opened], [{ ...top, navn: `${top.navn}*` }, opened]])
    this.loebenummer += 1
    return this.write(this.planned, [], gyldigFra)
  }

  /** A file of the tree as it is, or of what has changed since the last; now and then it tells that it was so a night ago. */
  file(date: BusinessDate): Told {
    const first = this.loebenummer === 0
    const fuld = first || this.random.chance(0.6)
    this.loebenummer += this.random.chance(0.1) ? 2 : 1
    const units = [...this.units.values()].filter((unit) => fuld || this.told.get(unit.lokalId) !== unit)
    const closed = fuld ? [] : [...this.told.values()].filter(({ lokalId }) => !this.units.has(lokalId))
    this.told = new Map(this.units)
    return this.write(units, closed, !fuld && this.random.chance(0.3) ? addDays(date, -1) : null, fuld)
  }

  private write(units: readonly Own[], closed: readonly Own[], gyldigFra: BusinessDate | null, fuld = false): Told {
    const records = [...units.map((unit) => this.record(unit, 'aktiv')), ...closed.map((unit) => this.record(unit, 'nedlagt'))]
    const header = { loebenummer: this.loebenummer, art: fuld ? 'fuld' : 'delta', niveauer: unitKinds, gyldigFra } as const
    const bytes = sealLeverance(Buffer.from(writeLeveranceXml(aLeverance(records, header))))
    const { supplierId, loebenummer } = this
    return { supplierId, loebenummer, fuld, gyldigFra, units, closed, name: `${loebenummer}.xml`, bytes }
  }

  private record(unit: Own, status: StagedRecord['status']): Omit<StagedRecord, 'position'> {
    const { ejerform, lovgrundlag } = suppliers[this.supplierId]
    const { lokalId, parent, navn } = unit
    const cvr = ejerform === '3' ? { cvrNummer: '90000004' } : {}
    const made = {
      daginstitution: () => aDaginstitution(lokalId, { navn, ejerformKode: ejerform, lovgrundlagKode: lovgrundlag }),
      anvisningsenhed: () => anAnvisningsenhed(lokalId, parent ?? '', { navn, ...cvr }),
      alternativAdresse: () => anAlternativAdresse(lokalId, parent ?? '', { navn }),
    }
    return { ...made[unit.kind](), status }
  }

  private of(kind: UnitKind): Own[] {
    return [...this.units.values()].filter((unit) => unit.kind === kind)
  }

  /** One of a kind that is not of the cluster that stays. */
  private changeable(kind: UnitKind): Own | undefined {
    const candidates = this.of(kind).filter(({ lokalId }) => !['D1', 'E2'].includes(lokalId))
    return candidates.length === 0 ? undefined : this.random.pick(candidates)
  }

  private open(kind: UnitKind, parent: string | null): string {
    this.serial += 1
    const lokalId = `${{ daginstitution: 'D', anvisningsenhed: 'E', alternativAdresse: 'A' }[kind]}${this.serial}`
    this.units.set(lokalId, { lokalId, kind, parent, navn: `${this.supplierId} ${lokalId}` })
    return lokalId
  }

  private rename(unit: Own): void {
    this.units.set(unit.lokalId, { ...unit, navn: `${unit.navn}'` })
  }

  private move(unit: Own | undefined, to: UnitKind): void {
    if (unit === undefined || this.isLastChild(unit)) return
    this.units.set(unit.lokalId, { ...unit, parent: this.random.pick(this.of(to)).lokalId })
  }

  /** Closes a unit after its alternative adresser have gone to another. */
  private merge(unit: Own | undefined): void {
    if (unit === undefined || this.isLastChild(unit)) return
    const other = this.random.pick(this.of('anvisningsenhed').filter(({ lokalId }) => lokalId !== unit.lokalId))
    for (const child of this.of('alternativAdresse'))
      if (child.parent === unit.lokalId) this.units.set(child.lokalId, { ...child, parent: other.lokalId })
    this.units.delete(unit.lokalId)
  }

  private closeTree(unit: Own | undefined): void {
    if (unit === undefined) return
    for (const child of [...this.units.values()]) if (child.parent === unit.lokalId) this.closeTree(child)
    this.units.delete(unit.lokalId)
  }

  /** A daginstitution has at least one anvisningsenhed. */
  private isLastChild(unit: Own): boolean {
    return (
      unit.kind === 'anvisningsenhed' && this.of('anvisningsenhed').filter(({ parent }) => parent === unit.parent).length === 1
    )
  }
}

/** Histories tried side by side, so that one works while another waits for the disk. */
const lanes = 4
/** What happened in all histories together. */
const tally = new Map<string, number>()
let folder: string
let files: FileStore

beforeAll(async () => {
  folder = mkdtempSync(join(fastFolder(), 'dagtilbud-model-'))
  files = await createFolderFileStore(join(folder, 'files'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe(`${runs} random histories of files`, () => {
  it('leave register, history, numbers and outbox as a plain model says', { timeout: 600_000 }, async () => {
    let seed = 0
    const work = async (lane: number) => {
      const own = join(folder, `lane-${lane}`)
      const line = await openRegisterLine({ folder: own, settings, files })
      try {
        for (let next = seed++; next < runs; next = seed++) {
          emptyRegister(own)
          await tryHistory(line, next)
        }
      } finally {
        line.close()
      }
    }
    await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)))

    // Every kind of thing has really happened, and often.
    for (const what of ['opret', 'opdater', 'flyt', 'nedlaeg', 'refused or known', 'waits', 'dated'])
      expect(tally.get(what), what).toBeGreaterThan(runs / 3)
  })
})

/** Nights of files of two systems: some late and out of order, some sent again, some for the next night or from the one before. */
async function tryHistory(line: RegisterLine, seed: number): Promise<void> {
  const random = createRandom('register-model', seed)
  const model = new Model()
  const systems = supplierIds.map((id) => ({ id, system: new System(id, random) }))
  const keptBack = new Map<SupplierId, Told[]>()
  const sent: Told[] = []
  let waiting: Told[] = []
  for (const date of dates) {
    await line.startNight(date)
    const due = waiting.map((file) => ({ file, row: rowOf(line, date, file) }))
    // Which supplier comes first is nobody's business; each has at most one.
    due.sort((a, b) => (a.row?.appliedAt ?? 0) - (b.row?.appliedAt ?? 0))
    for (const { file, row } of due) expectApplied(line, model, file, row, seed)
    waiting = []
    for (const { id, system } of systems) {
      system.wake()
      const fresh = Array.from({ length: date === dates[0] ? 1 : random.between(0, 2) }, () => {
        for (let n = random.between(0, 6); n > 0; n--) system.change()
        return system.file(date)
      })
      if (date !== dates.at(-1) && random.chance(0.4)) fresh.push(system.plan(addDays(date, 1)))
      const tonight = [...(keptBack.get(id) ?? []), ...fresh]
      keptBack.set(id, date !== dates[0] && tonight.length > 1 && random.chance(0.3) ? tonight.splice(0, 1) : [])
      const again = sent.filter((file) => file.supplierId === id && random.chance(0.15))
      waiting.push(...(await takeAll(line, model, date, id, random.shuffle([...tonight, ...again]), seed)))
      sent.push(...tonight)
    }
  }
  expectEqual(line, model, seed)
}

/** Takes the files of a night in; gives those that wait for their date. */
async function takeAll(line: RegisterLine, model: Model, date: string, id: SupplierId, taken: Told[], seed: number) {
  const waiting: Told[] = []
  await line.take(
    date,
    id,
    taken.map(({ name, bytes }) => ({ name, bytes })),
  )
  // Files of one night are applied in the order of their running numbers, however they lay in the folder.
  for (const file of [...taken].sort((a, b) => a.loebenummer - b.loebenummer)) {
    const row = rowOf(line, date, file)
    if (!model.receive(file)) count('refused or known')
    else if (file.gyldigFra !== null && file.gyldigFra > date) {
      count('waits')
      expect(row?.state, `seed ${seed}, ${id} ${file.name}`).toBe('deferred')
      waiting.push(file)
    } else expectApplied(line, model, file, row, seed)
  }
  return waiting
}

function rowOf({ ctx }: RegisterLine, date: BusinessDate, { supplierId, name }: Told): DeliveryFile | undefined {
  return ctx.register.read((tx) => tx.files.ofNight(date).find((file) => file.supplierId === supplierId && file.name === name))
}

function expectApplied({ ctx }: RegisterLine, model: Model, file: Told, row: DeliveryFile | undefined, seed: number): void {
  const deltas = model.apply(file, row?.appliedAt ?? Number.NaN)
  for (const delta of deltas) count(delta.split(' ')[0] ?? '')
  if (file.gyldigFra !== null && deltas.length > 0) count('dated')
  const inOutbox = ctx.register.read((tx) => tx.outbox.ofFile(row?.fileId ?? ''))
  expect(
    inOutbox.map(({ operation, nummer }) => `${operation} ${nummer}`).sort(),
    `seed ${seed}, ${file.supplierId} ${file.name}`,
  ).toEqual(deltas)
}

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

function expectEqual({ ctx, clock }: RegisterLine, model: Model, seed: number): void {
  const plain = ({ nummer, kind, parent, navn, open }: Omit<ModelUnit, 'supplierId'>) =>
    [nummer, kind, parent, navn, open].join(' ')
  const ofModel = (at: Instant, knownAt: Instant) => model.asOf(at, knownAt).map(plain).sort()
  const moments = [...new Set(model.history.flatMap(({ from, at }) => [from - 1, from, at - 1, at]))]
  ctx.register.read((tx) => {
    const ofRegister = (at: Instant, knownAt: Instant) =>
      [...tx.units.allAsOf({ at, knownAt })]
        .map(({ nummer, kind, parentNummer, fields, status }) =>
          plain({ nummer, kind, parent: parentNummer, navn: fields.navn ?? '', open: status === 'aktiv' }),
        )
        .sort()
    const now = clock.now()
    expect(ofRegister(now, now), `seed ${seed}, now`).toEqual(ofModel(now, now))
    for (const at of moments) {
      expect(ofRegister(at, now), `seed ${seed}, as of ${at}`).toEqual(ofModel(at, now))
      expect(ofRegister(now, at), `seed ${seed}, known at ${at}`).toEqual(ofModel(now, at))
    }
    for (const id of supplierIds) {
      const numbers = Object.fromEntries(tx.units.numbersByLokalId(id))
      const expected = [...model.numbers]
        .filter(([key]) => key.startsWith(`${id}/`))
        .map(([key, nummer]) => [key.slice(id.length + 1), nummer])
      expect(numbers, `seed ${seed}, numbers of ${id}`).toEqual(Object.fromEntries(expected))
    }
  })
}
