import { kommuner } from '../../domain/kommuner.ts'
import { postnumre } from '../../domain/postnumre.ts'
import type { UnitFields } from '../../domain/unit.ts'
import { createRandom, type Random } from './random.ts'

/** Words for things a child plays with, so that a street of ours is hardly ever one on the map. */
const streetWords = [
  'Bamse',
  'Blyantspidser',
  'Bold',
  'Brætspils',
  'Byggeklods',
  'Drage',
  'Farvekridt',
  'Fingermaling',
  'Gyngehest',
  'Gåsetårn',
  'Hinke',
  'Hoppebold',
  'Huleleg',
  'Kludedukke',
  'Kravlegård',
  'Krible-krable',
  'Legehus',
  'Legetøjs',
  'Madkasse',
  'Modellervoks',
  'Mudderkage',
  'Perleplade',
  'Pindehytte',
  'Puslespils',
  'Regnfrakke',
  'Rutsjebane',
  'Rytme',
  'Sandkage',
  'Sangleg',
  'Sjippetovs',
  'Sæbeboble',
  'Trehjuler',
  'Tælleremse',
  'Udklædnings',
  'Vandpyt',
  'Æblekasse',
  'Ærtepose',
  'Øllebrøds',
] as const

const streetEndings = [
  ['vej', 40],
  ['vænget', 10],
  ['stien', 10],
  ['gade', 12],
  [' Allé', 8],
  ['parken', 8],
  ['stræde', 4],
  ['torvet', 4],
  ['bakken', 4],
] as const

/** Rough rectangles well inside the regions: south, north, west, east. */
const regionBoxes: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '1081': [56.7, 57.4, 9.2, 10.3],
  '1082': [56.0, 56.5, 8.6, 10.3],
  '1083': [55.0, 55.6, 8.9, 10.6],
  '1084': [55.65, 56.0, 12.1, 12.55],
  '1085': [55.0, 55.65, 11.4, 12.1],
}
const bornholm = { kommuneKode: '400', box: [55.05, 55.25, 14.8, 15.05] } as const

/** Form of address ids that were converted from an older register; a strict UUID check refuses them. */
const oldAddressIdTail = '-32b8-e044-0003ba'

const shares = {
  houseLetter: 0.154,
  supplerendeBynavn: 0.06,
  /** No match in the address register: neither byNavn nor coordinates. */
  unmatched: 0.0018,
  oldAddressId: 0.1,
}

/** An invented address in a real postal code, with the address fields of a unit. */
export function createAddress(random: Random, kommuneKode: string, postNummer: string): UnitFields {
  const street = {
    vejNavn: createStreet(random),
    husNummer: createHouseNumber(random),
    postNummer,
    kommuneKode,
  }
  if (random.chance(shares.unmatched)) return street
  const [geoBredde, geoLaengde] = createPoint(random, kommuneKode, postNummer)
  return {
    ...street,
    byNavn: postnumre.get(postNummer)?.byNavn ?? 'Legeby',
    ...(random.chance(shares.supplerendeBynavn) ? { supplerendeBynavn: `${random.pick(streetWords)}by` } : {}),
    geoBredde,
    geoLaengde,
    dawaId: createAddressId(random),
  }
}

function createStreet(random: Random): string {
  return `${random.pick(streetWords)}${random.pickWeighted(streetEndings)}`
}

function createHouseNumber(random: Random): string {
  const number = random.pickWeighted([
    [random.between(1, 60), 75],
    [random.between(61, 250), 23],
    [random.between(251, 881), 2],
  ])
  return `${number}${random.chance(shares.houseLetter) ? random.pick(['A', 'A', 'A', 'B', 'B', 'C', 'D', 'E']) : ''}`
}

/** Around one point per postal code, eight decimals, the last one never 0. */
function createPoint(random: Random, kommuneKode: string, postNummer: string): [breadth: string, length: string] {
  const region = kommuner.get(kommuneKode)?.regionKode ?? ''
  const box = kommuneKode === bornholm.kommuneKode ? bornholm.box : regionBoxes[region]
  const [south, north, west, east] = box ?? bornholm.box
  const centre = createRandom('postnummer', postNummer)
  const latitude = south + centre.fraction() * (north - south) + random.fraction() / 50
  const longitude = west + centre.fraction() * (east - west) + random.fraction() / 50
  return [`${latitude.toFixed(7)}${random.between(1, 9)}`, `${longitude.toFixed(7)}${random.between(1, 9)}`]
}

function createAddressId(random: Random): string {
  if (random.chance(shares.oldAddressId)) return `${random.hex(8)}-${random.hex(4)}${oldAddressIdTail}${random.hex(6)}`
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${random.hex(3)}-${random.hex(12)}`
}
