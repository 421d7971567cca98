import type { BilingualText } from '../bilingual-text.ts'
import type { Evidence } from '../code-tables.ts'
import type { FindingLevel } from '../finding.ts'

/**
 * One rule of the intake, as data: what a finding of this code means and how we know.
 * DTR-nn: documented by the register's owner. LOK-nn: our own reading or local rule. FIL-nn and POST-nn: the form of the
 * file and of one record, in our own formats.
 */
export interface Rule {
  readonly code: string
  /** The level unless the setting `regler` says otherwise. */
  readonly level: FindingLevel
  /** What was seen. `{field}`, `{value}` and the names of facts in braces are filled in per finding. */
  readonly seen: BilingualText
  /** What the supplier should change. */
  readonly change: BilingualText
  readonly source: string
  readonly evidens: Evidence
  /** True when leverance-1.xsd refuses the same thing. */
  readonly skema: boolean
}

/** Builds a table row from a compact literal; `skema` is false unless said. */
export function toRule(row: Omit<Rule, 'skema'> & { readonly skema?: boolean }): Rule {
  return { ...row, skema: row.skema ?? false }
}
