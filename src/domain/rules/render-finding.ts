import type { BilingualText } from '../bilingual-text.ts'
import type { Finding } from '../finding.ts'
import { ruleTable } from './rule-table.ts'

/** A finding in words: what was seen and what to change, with its values filled in. */
export interface RenderedFinding {
  readonly seen: BilingualText
  readonly change: BilingualText
}

/** Writes a finding out. A code that the table lacks (an older file's) is shown by its code alone. */
export function renderFinding(finding: Finding): RenderedFinding {
  const rule = ruleTable.get(finding.code)
  const unknown = { da: finding.code, en: finding.code }
  return { seen: fill(rule?.seen ?? unknown, finding), change: fill(rule?.change ?? { da: '', en: '' }, finding) }
}

function fill(text: BilingualText, finding: Finding): BilingualText {
  return { da: fillOne(text.da, finding), en: fillOne(text.en, finding) }
}

function fillOne(template: string, { facts, field, value }: Finding): string {
  return template.replace(/\{(\w+)\}/g, (_match, name: string) => {
    if (name === 'field') return field ?? ''
    if (name === 'value') return value ?? ''
    return String(facts[name] ?? '')
  })
}
