import { fileRules } from './file-rules.ts'
import { localRules } from './local-rules.ts'
import { planRules } from './plan-rules.ts'
import { recordFormRules } from './record-form-rules.ts'
import { registerRules } from './register-rules.ts'
import type { Rule } from './rule.ts'

/** Version of the rules; grows with every change that can change a verdict. */
export const ruleSetVersion = '1.1'

/** Every rule, by code, in the order docs/findings.md shows them. */
export const ruleTable: ReadonlyMap<string, Rule> = new Map(
  [...fileRules, ...recordFormRules, ...registerRules, ...planRules, ...localRules].map((rule) => [rule.code, rule]),
)
