import { slotOf } from '../domain/raw-record.ts'
import type { UnitKind } from '../domain/unit.ts'
import { recordElements } from './leverance-elements.ts'
import { notInXml } from './xml-tokens.ts'

/**
 * One sticky expression that matches a whole record written the plain way: elements in order, no attributes, no
 * references, no comments. It reads such a record several times faster than tag by tag; whatever it does not match is
 * read tag by tag, with the same result.
 */
export interface LeverancePattern {
  readonly pattern: RegExp
  /** Slot of each capture group, the first group first. */
  readonly slots: readonly number[]
}

const gap = '[ \\t\\n]*'

/** Builds the expression of one kind of record from its element table. */
export function buildLeverancePattern(kind: UnitKind): LeverancePattern {
  const slots: number[] = []
  let source = `${gap}<${kind}>${gap}`
  let inside = false
  for (const { element, field, inAdresse, required } of recordElements[kind]) {
    if (inAdresse !== inside) {
      source += inAdresse ? `<Adresse>${gap}` : `</Adresse>${gap}`
      inside = inAdresse
    }
    const one = `<${element}>([^<&${notInXml}]*)</${element}>${gap}`
    source += required ? one : `(?:${one})?`
    slots.push(slotOf[field])
  }
  if (inside) source += `</Adresse>${gap}`
  return { pattern: new RegExp(`${source}</${kind}>`, 'y'), slots }
}
