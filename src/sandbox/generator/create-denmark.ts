import { kommuner } from '../../domain/kommuner.ts'
import type { UnitFields } from '../../domain/unit.ts'
import { createAddress } from './addresses.ts'
import type { Denmark, SandboxUnit } from './denmark.ts'
import { type Slot, toCvrNummer, toLokalId, toPNummer } from './identifiers.ts'
import { createClusterName } from './names.ts'
import { createPlaces, type Place } from './places.ts'
import { createRandom, type Random } from './random.ts'
import { supplierFor } from './suppliers.ts'
import { addressOf, createAlternativAdresseFields, createAnvisningsenhedFields } from './unit-fields.ts'

/** What to generate. */
export interface DenmarkOptions {
  readonly seed: string | number
  /** Three-digit codes; all 98 when not given. Each has its full number of units, whichever others there are. */
  readonly kommuner?: readonly string[]
  /** How many times as many units each municipality has as in life; 1 when not given. */
  readonly scale?: number
}

/** A range, both ends included, and how often it occurs. */
type Sizes = readonly (readonly [range: readonly [number, number], weight: number])[]

/** Units of one daginstitution. Invented; the source has no daginstitution level. */
const clusterSizes: Sizes = [
  [[1, 1], 70],
  [[2, 3], 15],
  [[4, 8], 12],
  [[9, 15], 3],
]

/** Alternative addresses of a unit. Invented; the source has none. */
const alternativeCounts: Sizes = [
  [[0, 0], 85],
  [[1, 1], 10],
  [[2, 3], 5],
]

/** Shares of units, 0-1. From the public export of 2026-03 where it shows them. */
const shares = {
  /** Dagpleje stands at the administration's address. */
  dagplejeAtAdministration: 0.95,
  /** With another unit that lies in the same postal code. */
  sharedAddress: 0.03,
  sharedPNummer: 0.03,
  ownPNummerAtAlternative: 0.2,
  /** A selvejende or privat owner of a second unit. */
  sharedCvr: 0.09,
  selvejendeWithMunicipalCvr: 0.037,
  kommunalWithOtherCvr: 0.0016,
  municipalityInCapitals: 0.02,
}

/** Dagpleje units at one address of the administration, at most. */
const unitsPerAdministration = 25

/** Generates a synthetic country with the real one's shape and none of its data. Same options, same country. */
export function createDenmark(options: DenmarkOptions): Denmark {
  const chosen = [...kommuner.keys()].filter((kommuneKode) => options.kommuner?.includes(kommuneKode) ?? true)
  const places = createPlaces(options.seed, chosen, options.scale)
  const units = chosen.flatMap((kommuneKode) => {
    const own = places.filter((place) => place.admKommuneKode === kommuneKode)
    const suppliers = new Set(own.map((place) => supplierFor(kommuneKode, place.ejerformKode)).filter((found) => found !== null))
    return [...suppliers].flatMap((supplier) =>
      createSlice(
        createRandom(options.seed, kommuneKode, supplier.id),
        supplier.id,
        kommuneKode,
        own.filter((place) => supplierFor(kommuneKode, place.ejerformKode) === supplier),
      ),
    )
  })
  return { units }
}

/** What grows while the units of one slice are made. */
interface SliceDraft {
  readonly random: Random
  readonly supplierId: string
  readonly kommuneKode: string
  readonly capitals: boolean
  readonly units: SandboxUnit[]
  readonly names: Set<string>
  /** The last address in each postal code, for units that share one. */
  readonly addresses: Map<string, UnitFields>
  administration: UnitFields
  unitsAtAdministration: number
}

function createSlice(random: Random, supplierId: string, kommuneKode: string, places: readonly Place[]): SandboxUnit[] {
  const draft: SliceDraft = {
    random,
    supplierId,
    kommuneKode,
    capitals: random.chance(shares.municipalityInCapitals),
    units: [],
    names: new Set(),
    addresses: new Map(),
    administration: {},
    unitsAtAdministration: 0,
  }
  for (const cluster of toClusters(random, places)) addCluster(draft, cluster)
  return draft.units
}

/** Groups units that may share a daginstitution: same ownership and legal basis; all dagpleje in one. */
function toClusters(random: Random, places: readonly Place[]): Place[][] {
  const groups = new Map<string, Place[]>()
  for (const place of places) {
    const key = `${place.ejerformKode}/${place.lovgrundlagKode}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [place])
    else group.push(place)
  }
  return [...groups.values()].flatMap((group) => {
    if (group[0]?.instType3 === '6013') return [group]
    const clusters: Place[][] = []
    const left = random.shuffle(group)
    while (left.length > 0) clusters.push(left.splice(0, random.between(...random.pickWeighted(clusterSizes))))
    return clusters
  })
}

function addCluster(draft: SliceDraft, cluster: readonly Place[]): void {
  const { random, kommuneKode } = draft
  const [first] = cluster
  if (first === undefined) return
  const position = draft.units.length
  const slot = nextSlot(draft)
  draft.units.push(toUnit(slot, 'daginstitution', null, {}))
  for (const place of cluster) addAnvisningsenhed(draft, place, toLokalId(slot))

  // A daginstitution of one unit has the unit's name, so it is named last.
  const onlyChild = cluster.length === 1 && first.instType3 !== '6013' ? draft.units[position + 1] : undefined
  draft.units[position] = toUnit(slot, 'daginstitution', null, {
    navn:
      onlyChild?.fields.navn ?? createClusterName(random, first.lovgrundlagKode, kommuner.get(kommuneKode)?.navn ?? kommuneKode),
    ejerformKode: first.ejerformKode,
    lovgrundlagKode: first.lovgrundlagKode,
    admKommuneKode: kommuneKode,
  })
}

function addAnvisningsenhed(draft: SliceDraft, place: Place, parentLokalId: string): void {
  const { random } = draft
  const slot = nextSlot(draft)
  const previous = draft.units.findLast((unit) => unit.kind === 'anvisningsenhed')
  const cvrNummer = pickCvr(draft, slot, place.ejerformKode, previous)
  const sharesPNummer = random.chance(shares.sharedPNummer) && previous?.fields.cvrNummer === cvrNummer
  const address = pickUsedAddress(draft, place)
  const fields = createAnvisningsenhedFields(random, {
    place,
    capitals: draft.capitals,
    taken: draft.names,
    cvrNummer,
    pNummer: (sharesPNummer ? previous?.fields.pNummer : undefined) ?? toPNummer(slot),
    ...(address === undefined ? {} : { address }),
  })
  draft.names.add(fields.navn ?? '')
  draft.addresses.set(addressKey(place), addressOf(fields))
  draft.units.push(toUnit(slot, 'anvisningsenhed', parentLokalId, fields))

  const alternatives = random.between(...random.pickWeighted(alternativeCounts))
  for (let count = 0; count < alternatives; count++) {
    const own = nextSlot(draft)
    const pNummer = random.chance(shares.ownPNummerAtAlternative) ? toPNummer(own) : null
    draft.units.push(toUnit(own, 'alternativAdresse', toLokalId(slot), createAlternativAdresseFields(random, fields, pNummer)))
  }
}

function pickCvr(draft: SliceDraft, slot: Slot, ejerformKode: string, previous: SandboxUnit | undefined): string {
  const { random } = draft
  const municipal = kommuner.get(draft.kommuneKode)?.cvr ?? ''
  if (ejerformKode === '1') return random.chance(shares.kommunalWithOtherCvr) ? toCvrNummer(slot) : municipal
  if (ejerformKode === '2' && random.chance(shares.selvejendeWithMunicipalCvr)) return municipal
  const owner = previous?.fields.cvrNummer
  return random.chance(shares.sharedCvr) && owner !== undefined && owner !== municipal ? owner : toCvrNummer(slot)
}

/** An address that another unit of the slice has already; undefined for a new one. */
function pickUsedAddress(draft: SliceDraft, place: Place): UnitFields | undefined {
  const { random } = draft
  if (place.instType3 === '6013') {
    return random.chance(shares.dagplejeAtAdministration) ? nextAdministration(draft, place) : undefined
  }
  return random.chance(shares.sharedAddress) ? draft.addresses.get(addressKey(place)) : undefined
}

function addressKey(place: Place): string {
  return `${place.kommuneKode}/${place.postNummer}`
}

function nextAdministration(draft: SliceDraft, place: Place): UnitFields {
  if (draft.unitsAtAdministration % unitsPerAdministration === 0) {
    draft.administration = createAddress(draft.random, place.kommuneKode, place.postNummer)
  }
  draft.unitsAtAdministration++
  return draft.administration
}

function nextSlot(draft: SliceDraft): Slot {
  return { supplierId: draft.supplierId, kommuneKode: draft.kommuneKode, sequence: draft.units.length + 1 }
}

function toUnit(slot: Slot, kind: SandboxUnit['kind'], parentLokalId: string | null, fields: UnitFields): SandboxUnit {
  return {
    kind,
    supplierId: slot.supplierId,
    lokalId: toLokalId(slot),
    admKommuneKode: slot.kommuneKode,
    parentLokalId,
    nummer: null,
    status: 'aktiv',
    fields,
  }
}
