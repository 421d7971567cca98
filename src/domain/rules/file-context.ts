import type { DeliveryHeader, Mandate } from '../delivery-file.ts'
import { kommuner } from '../kommuner.ts'
import type { UnitKind } from '../unit.ts'
import type { RuleSet } from './rule-set.ts'

/** What every record of one file is held against. */
export interface FileContext {
  readonly header: DeliveryHeader
  readonly rules: RuleSet
  /** Null when nobody's mandate is asked, as in a supplier's own check. */
  readonly mandate: Mandate | null
  readonly kommuneNavn: string
  readonly kommuneCvr: string
  /** True when a parent must stand in the same file: the file says that it has everything of that level. */
  readonly holdsAll: (kind: UnitKind) => boolean
}

/** Prepares the context of a file whose header is known. */
export function createFileContext(header: DeliveryHeader, rules: RuleSet, mandate: Mandate | null): FileContext {
  const kommune = kommuner.get(header.kommuneKode)
  const complete = new Set<UnitKind>(header.art === 'fuld' ? header.niveauer : [])
  return {
    header,
    rules,
    mandate,
    kommuneNavn: kommune?.navn ?? header.kommuneKode,
    kommuneCvr: kommune?.cvr ?? '',
    holdsAll: (kind) => complete.has(kind),
  }
}
