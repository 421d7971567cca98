import type { UnitFields, UnitKind } from '../unit.ts'

/** What two units have in common that a person would take for one: level, name, and address below the top. Case and blanks make no difference. */
export function looksOf(kind: UnitKind, fields: UnitFields): string {
  const loose = (text: string | undefined): string => (text ?? '').toLowerCase().replace(/\s+/g, '')
  const address = kind === 'daginstitution' ? [] : [loose(fields.vejNavn), loose(fields.husNummer), fields.postNummer ?? '']
  return [kind, loose(fields.navn), ...address].join('|')
}
