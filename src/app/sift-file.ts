import type { DeliveryHeader, Mandate } from '../domain/delivery-file.ts'
import type { RegisterUnit } from '../domain/diff-register.ts'
import { settledAtOdds } from '../domain/rules/compare-with-register.ts'
import type { RuleSet } from '../domain/rules/rule-set.ts'
import { createSieve, type Settled, type StagedLine, toStagedLine } from '../domain/sift-records.ts'
import { notTakenBack, type StagedRecord, type UnitRef } from '../domain/unit.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { readLines } from './documents.ts'

/** A file as validation left it, its records in a blob. */
export interface StagedFile {
  readonly header: DeliveryHeader
  readonly stagedSha256: string
  readonly rejectedRefs: readonly UnitRef[]
  readonly mandate: Mandate
  readonly rules: RuleSet
  /** True of a unit that a newer file speaks of. */
  readonly isToldAnew: (ref: UnitRef) => boolean
}

/** What of a file is left to think about. */
export interface SiftedFile {
  readonly settled: Settled
  readonly records: readonly StagedRecord[]
  /** The municipality's open units that are not settled, by number. */
  readonly units: readonly RegisterUnit[]
  /** Records that were left out, since a newer file tells of their units. */
  readonly toldAnew: number
}

/** A file that is at hand: nothing of it is set aside. */
export function unsifted(
  tx: RegisterTx,
  kommuneKode: string,
  records: readonly StagedRecord[],
  rejectedRefs: readonly UnitRef[],
): SiftedFile {
  const units = tx.units.openInKommune(kommuneKode)
  return { records: records.filter(notTakenBack(rejectedRefs)), settled: new Map(), units, toldAnew: 0 }
}

/**
 * Reads a staged file beside the register and sets aside what it says as the register has it, so that memory depends on what
 * differs and not on the size of the file. It is read again where a record turns out to be wanted that was set aside.
 * @throws STORE_BLOB_MISSING, STORE_BLOB_CORRUPT
 */
export async function siftFile(ctx: RegisterContext, file: StagedFile): Promise<SiftedFile> {
  const { supplierId, ejerformer } = file.mandate
  const { kommuneKode, niveauer } = file.header
  const stands = notTakenBack(file.rejectedRefs)
  const wanted = new Set<string>()
  for (;;) {
    const sieve = createSieve({ niveauer, ejerformer }, wanted)
    let toldAnew = 0
    for await (const texts of readLines(ctx.files, file.stagedSha256)) {
      const all = texts.map(toStagedLine)
      const own = all.filter(({ ref }) => !file.isToldAnew(ref))
      toldAnew += all.length - own.length
      const lines = own.filter(stands)
      ctx.register.read((tx) => {
        const numbers = tx.units.numbersByLokalId(supplierId, { lokalIds: lokalIdsOf(lines) })
        const named = lines.flatMap(({ ref }) => ref.nummer ?? numbers.get(ref.lokalId ?? '') ?? [])
        sieve.take(lines, numbers, tx.units.standing(kommuneKode, named))
      })
    }
    const { records, settled, named } = sieve
    const { units, atOdds } = ctx.register.read((tx) => lookAtRest(tx, file, settled))
    const known = wanted.size
    for (const nummer of [...named, ...atOdds]) wanted.add(nummer)
    if (wanted.size === known) return { records, settled, units, toldAnew }
  }
}

function lokalIdsOf(lines: readonly StagedLine[]): string[] {
  const ids: string[] = []
  for (const { ref, parent } of lines) {
    if (ref.lokalId !== null) ids.push(ref.lokalId)
    if (parent !== null && parent.lokalId !== null) ids.push(parent.lokalId)
  }
  return ids
}

/** The units that are not settled, and the settled ones whose records are wanted because of them. */
function lookAtRest(
  tx: RegisterTx,
  { header: { kommuneKode }, rules }: StagedFile,
  settled: Settled,
): { readonly units: readonly RegisterUnit[]; readonly atOdds: ReadonlySet<string> } {
  const units = tx.units.openInKommune(kommuneKode, settled.keys())
  const parents = new Set(units.flatMap(({ parentNummer }) => (settled.has(parentNummer ?? '') ? [parentNummer ?? ''] : [])))
  const above = new Map(tx.units.byNumbers([...parents]).map((unit) => [unit.nummer, unit]))
  return { units, atOdds: settledAtOdds(units, above, settled, rules) }
}
