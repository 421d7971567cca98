import type { Settings } from '../../config/settings.ts'
import type { RuleSettings } from '../domain/rules/rule-set.ts'

/** What an installation has set of the rules. */
export function ruleSettings({ kodetabeller, krydsvalidering, regler }: Settings): RuleSettings {
  const { matrix } = krydsvalidering
  return { codeMap: kodetabeller.lovgrundlag, levels: regler, ...(matrix === undefined ? {} : { krydsMatrix: matrix }) }
}
