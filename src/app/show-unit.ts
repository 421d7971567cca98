import { type Agreement, agreementAt } from '../domain/agreement.ts'
import { type BilingualText, same } from '../domain/bilingual-text.ts'
import type { UnitLink } from '../domain/lineage.ts'
import type { Instant } from '../domain/time.ts'
import { fieldsOf } from '../domain/unit.ts'
import type { AsOf, UnitVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { baselineActor } from './load-baseline.ts'

/** A unit that is only named. */
export interface NamedUnit {
  readonly nummer: string
  readonly navn: string
  readonly status: UnitVersion['status']
}

/** Where a state of a unit is from. */
export type Origin =
  /** It still stands as it was loaded. */
  | { readonly kind: 'grunddata'; readonly source: string; readonly name: string; readonly asOf: string; readonly by: string }
  | {
      readonly kind: 'leverance'
      readonly supplierId: string
      readonly name: string
      readonly date: string
      readonly sha256: string
      readonly ruleSet: string | null
    }
  | { readonly kind: 'andet'; readonly actor: string }

export interface ShownUnit {
  readonly moment: AsOf
  readonly unit: UnitVersion
  readonly origin: Origin
  readonly parent: NamedUnit | null
  readonly children: readonly NamedUnit[]
  readonly links: readonly UnitLink[]
  /** The data agreement of its number at Unilogin; null when no list has had one. */
  readonly agreement: Agreement | null
  /** When the list of agreements was last fetched; null when it never was. */
  readonly agreementsAt: Instant | null
  /** Every version, those no longer held included; only when asked for. */
  readonly history: readonly { readonly version: UnitVersion; readonly origin: Origin }[]
}

/** How a unit was at a moment, as the register held it at another; null when it was not there. */
export function showUnit(
  ctx: Pick<RegisterContext, 'register'>,
  nummer: string,
  moment: AsOf,
  withHistory: boolean,
): ShownUnit | null {
  return ctx.register.read((tx) => {
    const unit = tx.units.asOf(nummer, moment)
    if (unit === null) return null
    const parent = unit.parentNummer === null ? null : tx.units.asOf(unit.parentNummer, moment)
    const agreement = tx.agreements.find(nummer)
    const history = withHistory ? tx.units.history(nummer) : []
    return {
      moment,
      unit,
      origin: originOf(tx, unit),
      parent: parent === null ? null : toNamed(parent),
      children: [...tx.units.allAsOf(moment, { parentNummer: nummer })].map(toNamed),
      links: tx.units.linksOf(nummer).filter((link) => link.recordedAt <= moment.knownAt),
      agreement: agreement === null ? null : agreementAt(agreement, moment.knownAt),
      agreementsAt: tx.agreements.lastCheck()?.at ?? null,
      history: history.map((version) => ({ version, origin: originOf(tx, version) })),
    }
  })
}

/** Who told a state, and with what. */
export function originOf(tx: RegisterTx, { actor, fileId }: Pick<UnitVersion, 'actor' | 'fileId'>): Origin {
  const file = fileId === null ? null : tx.files.find(fileId)
  if (file !== null) {
    const { supplierId, name, date, sha256, ruleSet } = file
    return { kind: 'leverance', supplierId, name, date, sha256, ruleSet }
  }
  const load = fileId === null ? undefined : tx.ledger.of(fileId).find(({ type }) => type === 'load')
  if (!actor.startsWith(baselineActor)) return { kind: 'andet', actor }
  const said = (name: string) => String(load?.facts[name] ?? '')
  return { kind: 'grunddata', source: actor.slice(baselineActor.length), name: said('name'), asOf: said('asOf'), by: said('by') }
}

/** Where a state is from, in words. */
export function originText(origin: Origin): BilingualText {
  switch (origin.kind) {
    case 'grunddata': {
      const { source, asOf, name } = origin
      return { da: `grunddata fra ${source} pr. ${asOf}: ${name}`, en: `baseline from ${source} as of ${asOf}: ${name}` }
    }
    case 'leverance': {
      const { supplierId, name, date } = origin
      return { da: `${name} fra ${supplierId}, natten ${date}`, en: `${name} from ${supplierId}, night ${date}` }
    }
    case 'andet':
      return same(origin.actor)
  }
}

/** The values a unit has, in the order of the data model. */
export function valuesOf({ kind, fields }: Pick<UnitVersion, 'kind' | 'fields'>): { felt: string; vaerdi: string }[] {
  return fieldsOf[kind].flatMap((felt) => (fields[felt] === undefined ? [] : [{ felt, vaerdi: fields[felt] }]))
}

function toNamed({ nummer, fields, status }: UnitVersion): NamedUnit {
  return { nummer, navn: fields.navn ?? '', status }
}
