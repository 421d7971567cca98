import { z } from 'zod'
import { Settings } from './settings.ts'

let types: ReadonlyMap<string, string> | undefined

/** Every setting that holds one value, by its path: 'night.settleMs'. Lists and tables of the operator's own keys are left out. */
export function settingPaths(): readonly string[] {
  return [...settingTypes().keys()]
}

/** True when a setting is text: '00123' in the environment then stays as it is. */
export function isTextSetting(path: string): boolean {
  return settingTypes().get(path) === 'string'
}

/** The environment variable of a setting: night.settleMs -> DAGTILBUD_NIGHT_SETTLE_MS. */
export function envNameOf(path: string): string {
  return `DAGTILBUD_${path
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`
}

interface JsonSchema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

function settingTypes(): ReadonlyMap<string, string> {
  types ??= new Map(leaves(z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' }) as JsonSchema, []))
  return types
}

function leaves(schema: JsonSchema, path: readonly string[]): [string, string][] {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([key, child]) => leaves(child, [...path, key]))
  return schema.type === 'array' || schema.type === 'object' ? [] : [[path.join('.'), schema.type ?? 'any']]
}
