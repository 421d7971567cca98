import { kommuner } from '../../domain/kommuner.ts'
import type { Random } from './random.ts'

/** Share of units without a telephone number. Source: public export, 2026-03, by type. */
const noPhone: Readonly<Record<string, number>> = { '6013': 0.43, '6020': 0, '6021': 0.35 }
const noPhoneElsewhere = 0.04

/** Share of all dagpleje units whose number is the single figure 0. Source: public export, 2026-03. */
const zeroPhone = 0.21

/** Shapes of a number, by how often the real ones have them. */
const phoneShapes = [
  ['dddddddd', 4086],
  ['dddd dddd', 74],
  ['dd dd dd dd', 16],
  ['+45dddddddd', 9],
  ['dddddddd/dddddddd', 2],
] as const

/** Share of units without an e-mail address, by type, else by ownership. Fitted to the public export, 2026-03. */
const noEmailByType: Readonly<Record<string, number>> = { '6013': 0.83, '6020': 0.08, '6021': 0.56 }
const noEmailByOwnership: Readonly<Record<string, number>> = { '1': 0.41, '2': 0.18, '3': 0.03 }

const sharedMailbox = 0.16
const capitals = 0.076

/** A telephone number of a unit; undefined when it has none. Starts with 1, as no subscriber's does. */
export function createPhone(random: Random, instType3: string): string | undefined {
  const roll = random.fraction()
  const empty = noPhone[instType3] ?? noPhoneElsewhere
  if (roll < empty) return undefined
  if (instType3 === '6013' && roll < empty + zeroPhone) return '0'
  return createSubscriberPhone(random)
}

/** A telephone number that is one. */
export function createSubscriberPhone(random: Random): string {
  const shape = random.pickWeighted(phoneShapes)
  let position = 0
  return shape.replaceAll('d', () => (position++ % 8 === 0 ? '1' : random.digits(1)))
}

/** An e-mail address of a unit under a reserved domain; undefined when it has none. */
export function createEmail(
  random: Random,
  unit: { readonly navn: string; readonly kommuneKode: string; readonly instType3: string; readonly ejerformKode: string },
): string | undefined {
  const empty = noEmailByType[unit.instType3] ?? noEmailByOwnership[unit.ejerformKode] ?? 0.41
  if (random.chance(empty)) return undefined
  const mailbox = random.chance(sharedMailbox) ? 'dagtilbud' : toAscii(unit.navn).slice(0, 16)
  const local = random.chance(capitals) ? `${mailbox.slice(0, 1).toUpperCase()}${mailbox.slice(1)}` : mailbox
  return `${local}@${toAscii(kommuner.get(unit.kommuneKode)?.navn ?? 'kommune')}.example`
}

/** Lower-case letters and digits only. */
function toAscii(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'oe')
    .replaceAll('å', 'aa')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '')
}
