import { ejerformer, institutionstyper, lovgrundlag } from '../code-tables.ts'
import type { FindingLevel } from '../finding.ts'
import { canonicalJson, sha256Hex } from '../ids.ts'
import { createKrydsvalidering, type KrydsRow, type Krydsvalidering, ownKrydsMatrix } from './krydsvalidering.ts'
import type { Rule } from './rule.ts'
import { ruleSetVersion, ruleTable } from './rule-table.ts'

/** What of the rules an installation may set. */
export interface RuleSettings {
  /** Integer of lovgrundlagKode -> section key, added to the synthetic integers. */
  readonly codeMap?: Readonly<Record<string, string>>
  /** Another level for a rule, by code. Rules without which a record could not be read keep theirs. */
  readonly levels?: Readonly<Record<string, FindingLevel>>
  readonly krydsMatrix?: readonly KrydsRow[]
}

/** The rules of one run: tables ready for look-up, levels decided, and a name that changes when any of it does. */
export interface RuleSet {
  /** '1.0+3f2a9c01': version of the rules and a hash of their settings. */
  readonly name: string
  readonly levelOf: (code: string) => FindingLevel
  /** lovgrundlagKode as written -> section key. */
  readonly lovgrundlagOf: ReadonlyMap<string, string>
  readonly kryds: Krydsvalidering
  readonly ejerformKoder: ReadonlySet<string>
  readonly instTypeKoder: ReadonlySet<string>
}

/** Prepares the rules; an empty `settings` gives the rules as they ship. */
export function createRuleSet(settings: RuleSettings = {}): RuleSet {
  const codeMap = { ...defaultCodeMap(), ...settings.codeMap }
  const levels = settings.levels ?? {}
  const matrix = settings.krydsMatrix ?? ownKrydsMatrix
  const tables = { codeMap, levels, matrix, ejerformer: [...ejerformer.keys()], typer: [...institutionstyper.keys()] }
  const effective = new Map([...ruleTable.values()].map((rule) => [rule.code, levelFor(rule, levels[rule.code])]))
  return {
    name: `${ruleSetVersion}+${sha256Hex(canonicalJson(tables)).slice(0, 8)}`,
    levelOf: (code) => effective.get(code) ?? 'record',
    lovgrundlagOf: new Map(Object.entries(codeMap)),
    kryds: createKrydsvalidering(matrix),
    ejerformKoder: new Set(ejerformer.keys()),
    instTypeKoder: new Set(institutionstyper.keys()),
  }
}

/** The integers of synthetic files; ours, never STIL's. */
function defaultCodeMap(): Record<string, string> {
  return Object.fromEntries([...lovgrundlag.values()].map((row) => [row.proeveKode, row.kode]))
}

/** A rule that drops the record protects the register's own format, so only the CVR check digit, a local rule, can be eased. */
function levelFor(rule: Rule, set: FindingLevel | undefined): FindingLevel {
  const fixed = rule.level === 'file' || (rule.level === 'record' && rule.code !== 'LOK-01')
  return fixed || set === undefined || set === 'file' ? rule.level : set
}
