import type { UnitRef } from '../unit.ts'
import { createKeyIndex } from './key-index.ts'

const flags = { dropped: 1, withoutMandate: 2, hasChild: 4, withdrawn: 8, closed: 16 } as const
export type UnitFlag = keyof typeof flags

/**
 * Every unit that the file has named, by number and by lokalId, with the few facts later records are held against.
 * Columns of numbers instead of objects: a million units cost some tens of megabytes.
 */
export interface UnitIndex {
  /** The unit with this number or lokalId; -1 when the file has not named it yet. */
  find(ref: UnitRef): number
  /** Adds a unit and gives its id. */
  add(ref: UnitRef, kind: number, line: number, column: number, contentHash: number): number
  kind(id: number): number
  line(id: number): number
  column(id: number): number
  contentHash(id: number): number
  has(id: number, flag: UnitFlag): boolean
  set(id: number, flag: UnitFlag): void
  /** Codes that children inherit: small numbers into the caller's own tables, 0 for none. */
  ejerform(id: number): number
  lovgrundlag(id: number): number
  setOwnership(id: number, ejerform: number, lovgrundlag: number): void
  /** Id of the daginstitution above; -1 when it is not in the file. */
  top(id: number): number
  setTop(id: number, top: number): void
  readonly size: number
  /** The references of some units, in one walk over all. */
  refsOf(ids: ReadonlySet<number>): ReadonlyMap<number, UnitRef>
}

/** An empty index with room for some units; it grows as needed. */
export function createUnitIndex(expected = 0): UnitIndex {
  const byNumber = createKeyIndex(0)
  const byLokalId = createKeyIndex(expected)
  let size = 0
  let kinds = new Uint8Array(1024)
  let marks = new Uint8Array(1024)
  let ejerformer = new Uint8Array(1024)
  let grundlag = new Uint8Array(1024)
  let lines = new Uint32Array(1024)
  let columns = new Uint32Array(1024)
  let hashes = new Int32Array(1024)
  let tops = new Int32Array(1024)

  const grow = (): void => {
    const capacity = kinds.length * 2
    kinds = copyTo(new Uint8Array(capacity), kinds)
    marks = copyTo(new Uint8Array(capacity), marks)
    ejerformer = copyTo(new Uint8Array(capacity), ejerformer)
    grundlag = copyTo(new Uint8Array(capacity), grundlag)
    lines = copyTo(new Uint32Array(capacity), lines)
    columns = copyTo(new Uint32Array(capacity), columns)
    hashes = copyTo(new Int32Array(capacity), hashes)
    tops = copyTo(new Int32Array(capacity), tops)
  }

  return {
    find(ref) {
      const id = ref.nummer === null ? -1 : byNumber.get(ref.nummer)
      return id !== -1 || ref.lokalId === null ? id : byLokalId.get(ref.lokalId)
    },
    add(ref, kind, line, column, contentHash) {
      if (size === kinds.length) grow()
      const id = size++
      if (ref.nummer !== null) byNumber.set(ref.nummer, id)
      if (ref.lokalId !== null) byLokalId.set(ref.lokalId, id)
      kinds[id] = kind
      lines[id] = line
      columns[id] = column
      hashes[id] = contentHash
      tops[id] = -1
      return id
    },
    kind: (id) => kinds[id] ?? 0,
    line: (id) => lines[id] ?? 0,
    column: (id) => columns[id] ?? 0,
    contentHash: (id) => hashes[id] ?? 0,
    has: (id, flag) => ((marks[id] ?? 0) & flags[flag]) !== 0,
    set(id, flag) {
      marks[id] = (marks[id] ?? 0) | flags[flag]
    },
    ejerform: (id) => ejerformer[id] ?? 0,
    lovgrundlag: (id) => grundlag[id] ?? 0,
    setOwnership(id, ejerform, lovgrundlag) {
      ejerformer[id] = ejerform
      grundlag[id] = lovgrundlag
    },
    top: (id) => tops[id] ?? -1,
    setTop(id, top) {
      tops[id] = top
    },
    get size() {
      return size
    },
    refsOf(ids) {
      const refs = new Map<number, UnitRef>()
      if (ids.size === 0) return refs
      for (const [nummer, id] of byNumber.entries()) if (ids.has(id)) refs.set(id, { nummer, lokalId: null })
      for (const [lokalId, id] of byLokalId.entries()) {
        if (ids.has(id)) refs.set(id, { nummer: refs.get(id)?.nummer ?? null, lokalId })
      }
      return refs
    },
  }
}

function copyTo<T extends Uint8Array | Uint32Array | Int32Array>(target: T, source: T): T {
  target.set(source)
  return target
}
