import { kommuner } from '../../domain/kommuner.ts'
import { postnumre } from '../../domain/postnumre.ts'
import { legalBasisOf } from './legal-basis.ts'
import { createRandom, type Random } from './random.ts'
import { type UnitCount, unitCounts } from './unit-counts.ts'

/** Where one anvisningsenhed lies, what it is, and who runs it: all that the shape of the country decides. */
export interface Place {
  /** Municipality of the place. */
  readonly kommuneKode: string
  /** Municipality of the administrative owner; differs for about one unit in a hundred. */
  readonly admKommuneKode: string
  readonly postNummer: string
  readonly instType3: string
  readonly ejerformKode: string
  readonly lovgrundlagKode: string
}

/** Of the kommunale units in a postal code that spans several municipalities, the share a neighbour runs: 1 % of all. */
const neighbourShare = 0.1

/** Landsbyordninger among the kommunale daginstitutioner. Invented; the register does not show them apart. */
const landsbyordningShare = 0.01

/** `scale` places for each unit of the real country's shape, in the municipalities asked for. */
export function createPlaces(seed: string | number, kommuneKoder: readonly string[], scale = 1): Place[] {
  const chosen = new Set(kommuneKoder)
  const randoms = new Map(kommuneKoder.map((kommuneKode) => [kommuneKode, createRandom(seed, kommuneKode, 'places')]))
  return unitCounts().flatMap((cell) => {
    const random = randoms.get(cell.kommuneKode)
    if (random === undefined) return []
    return Array.from({ length: cell.count * scale }, (): Place => {
      const postNummer = pickPostNummer(random, cell.kommuneKode)
      const owner = pickOwner(random, cell.kommuneKode, postNummer)
      const lovgrundlagKode = pickLegalBasis(random, cell.instType3, cell.ejerformKode)
      return {
        kommuneKode: cell.kommuneKode,
        admKommuneKode: mayBeLent(cell) && chosen.has(owner) ? owner : cell.kommuneKode,
        postNummer,
        instType3: cell.instType3,
        ejerformKode: cell.ejerformKode,
        lovgrundlagKode,
      }
    })
  })
}

function pickPostNummer(random: Random, kommuneKode: string): string {
  return random.pick(postNumreByKommune.get(kommuneKode) ?? ['1000'])
}

/** Dagpleje is always run by its own municipality. */
function mayBeLent(cell: UnitCount): boolean {
  return cell.ejerformKode === '1' && cell.instType3 !== '6013'
}

/** The neighbour is one that shares the postal code. */
function pickOwner(random: Random, kommuneKode: string, postNummer: string): string {
  const neighbours = postnumre.get(postNummer)?.kommuneKoder.filter((candidate) => candidate !== kommuneKode) ?? []
  const isRunByNeighbour = random.chance(neighbourShare)
  return isRunByNeighbour && neighbours.length > 0 ? random.pick(neighbours) : kommuneKode
}

function pickLegalBasis(random: Random, instType3: string, ejerformKode: string): string {
  const basis = legalBasisOf(instType3, ejerformKode)
  return random.chance(landsbyordningShare) && basis === 'DTL19.2' ? 'DTL19.2-LBO' : basis
}

const postNumreByKommune: ReadonlyMap<string, readonly string[]> = new Map(
  [...kommuner.keys()].map((kommuneKode) => [
    kommuneKode,
    [...postnumre.values()].filter((row) => row.kommuneKoder.includes(kommuneKode)).map((row) => row.postNummer),
  ]),
)
