import { canonicalJson } from './ids.ts'
import { detachText } from './rules/detach-text.ts'
import { parentKind, type StagedRecord, type UnitKind, type UnitRef } from './unit.ts'

/** Units of which a file says just what the register has, by number: how the file names each; null for those it names by number alone. */
export type Settled = ReadonlyMap<string, UnitRef | null>

/** An open unit beside which a record is held. */
export interface StandingUnit {
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly ejerformKode: string
  /** How the staged text of a record begins that says the same values. */
  readonly values: string
}

/** A staged record of which only its place in the register has been read. */
export interface StagedLine extends Pick<StagedRecord, 'kind' | 'ref' | 'parent' | 'status'> {
  readonly text: string
  /** The text before `kind`: its `ekstra`, its `fields`, and its `hold`, which no unit has. */
  readonly values: string
}

export interface Sieve {
  /**
   * Holds the next records of the file beside the register.
   * @param numbers The supplier's own ids among theirs -> numbers.
   * @param standing Open units of the municipality among those they name, by number.
   */
  take(lines: readonly StagedLine[], numbers: ReadonlyMap<string, string>, standing: ReadonlyMap<string, StandingUnit>): void
  /** Records that may change something, in the order of the file. */
  readonly records: readonly StagedRecord[]
  readonly settled: Settled
  /** Settled units that a later record names too, so that the file is to be sifted again with them `wanted`. */
  readonly named: ReadonlySet<string>
}

/** A record as it is staged: canonical JSON, so the keys that hold its values, which are most of it, stand before the others. */
export function toStagedText(record: StagedRecord): string {
  return canonicalJson(record)
}

/** What stands behind the values of a record whose ids need no escape; read like this it costs a fifth of parsing it. */
const plainEnd =
  /,"kind":"(\w+)","parent":(?:(null)|\{"lokalId":(?:null|"([^"\\]*)"),"nummer":(?:null|"([^"\\]*)")\}),"position":\{"column":\d+,"line":\d+\},"ref":\{"lokalId":(?:null|"([^"\\]*)"),"nummer":(?:null|"([^"\\]*)")\},"status":"(\w+)"\}$/

/** Reads of a staged record what it is and where it stands. A quote within a value is escaped, so the key is found for sure. */
export function toStagedLine(text: string): StagedLine {
  const plain = plainEnd.exec(text)
  if (plain === null) return parseStagedLine(text)
  const [, kind, isTop, parentId, parentNummer, lokalId, nummer, status] = plain
  return {
    kind: kind as UnitKind,
    ref: toRef(nummer, lokalId),
    parent: isTop === undefined ? toRef(parentNummer, parentId) : null,
    status: status as StagedRecord['status'],
    text,
    values: text.slice(0, plain.index),
  }
}

function parseStagedLine(text: string): StagedLine {
  const end = text.lastIndexOf(',"kind":"')
  const { kind, ref, parent, status } = JSON.parse(`{${text.slice(end + 1)}`) as StagedRecord
  return { kind, ref, parent, status, text, values: text.slice(0, end) }
}

/** References of settled records are kept, and their texts are not. */
function toRef(nummer: string | undefined, lokalId: string | undefined): UnitRef {
  return { nummer: nummer === undefined ? null : detachText(nummer), lokalId: lokalId === undefined ? null : detachText(lokalId) }
}

/**
 * Sets aside the records that ask for nothing: each names one open unit that the file may speak for, nothing else in the file
 * names it, its values are the register's, and it stands where it stood, under a unit that is set aside too. On most nights
 * that is nearly all of a file, and then only the rest costs memory and thought. Whether a record is set aside changes
 * nothing of the plan; in doubt it is not.
 * @param wanted Numbers whose records are not set aside, whatever they say.
 */
export function createSieve(
  scope: { readonly niveauer: readonly UnitKind[]; readonly ejerformer: readonly string[] },
  wanted: ReadonlySet<string>,
): Sieve {
  const records: StagedRecord[] = []
  const settled = new Map<string, UnitRef | null>()
  const named = new Set<string>()
  const kept = new Set<string>(wanted)

  const standsTheSame = (parent: UnitRef | null, unit: StandingUnit, numbers: ReadonlyMap<string, string>): boolean => {
    if (parent === null || unit.parentNummer === null) return parent === unit.parentNummer && parentKind[unit.kind] === null
    return leadsTo(parent, unit.parentNummer, numbers) && settled.has(unit.parentNummer)
  }
  const saysTheSame = (line: StagedLine, unit: StandingUnit): boolean =>
    line.status === 'aktiv' &&
    line.kind === unit.kind &&
    line.values === unit.values &&
    scope.niveauer.includes(unit.kind) &&
    scope.ejerformer.includes(unit.ejerformKode)

  return {
    records,
    settled,
    named,
    take(lines, numbers, standing) {
      for (const line of lines) {
        const { ref, parent } = line
        const byId = ref.lokalId === null ? undefined : numbers.get(ref.lokalId)
        const own = ref.nummer ?? byId ?? ''
        const unit = kept.has(own) || settled.has(own) || !leadsTo(ref, own, numbers) ? undefined : standing.get(own)
        if (unit !== undefined && saysTheSame(line, unit) && standsTheSame(parent, unit, numbers)) {
          settled.set(own, ref.lokalId === null ? null : ref)
          continue
        }
        for (const nummer of [ref.nummer, byId]) {
          if (nummer == null) continue
          if (settled.has(nummer)) named.add(nummer)
          kept.add(nummer)
        }
        records.push(JSON.parse(line.text) as StagedRecord)
      }
    },
  }
}

/** True when a reference leads to a number, by all that it says. */
function leadsTo({ nummer, lokalId }: UnitRef, wanted: string, numbers: ReadonlyMap<string, string>): boolean {
  return (nummer === null || nummer === wanted) && (lokalId === null || numbers.get(lokalId) === wanted)
}
