import type { UnitFields, UnitKind } from '../unit.ts'

/** What two units have in common that a person would take for one: level, name, and address below the top. Case and blanks make no difference. */
export function looksOf(kind: UnitKind, fields: UnitFields): string {
  const address =
    kind === 'daginstitution' ? [] : [looseText(fields.vejNavn), looseText(fields.husNummer), fields.postNummer ?? '']
  return [kind, looseText(fields.navn), ...address].join('|')
}

/** A text without what a person would not see: case and blanks. */
export function looseText(text: string | undefined): string {
  return (text ?? '').toLowerCase().replace(/\s+/g, '')
}
