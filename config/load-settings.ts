import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { z } from 'zod'
import { ConfigError } from '../src/domain/errors.ts'
import { packageRoot } from './package-root.ts'
import { envNameOf, isTextSetting, settingPaths } from './setting-paths.ts'
import { Settings } from './settings.ts'

type Tree = Record<string, unknown>

/** Addresses with a password or a token in them. */
const withSecrets: ReadonlySet<string> = new Set(['redis.url', 'alerts.webhook.url'])

/**
 * Reads the settings: config/default.yaml, then the file named by DAGTILBUD_CONFIG, then DAGTILBUD_* variables.
 * Tables are merged key by key, lists are replaced whole.
 * @throws CONFIG_FILE_UNREADABLE, CONFIG_SETTING_INVALID
 */
export function loadSettings(env: NodeJS.ProcessEnv, overrides: Tree = {}): Settings {
  const own = env['DAGTILBUD_CONFIG']
  const files = [join(packageRoot, 'config/default.yaml'), ...(own === undefined || own === '' ? [] : [own])]
  const merged = [...files.map(readTree), readEnv(env), overrides].reduce(merge, {})
  return parseSettings(merged)
}

/** Checks a tree of settings. @throws CONFIG_SETTING_INVALID naming each setting, its value, and what is allowed */
export function parseSettings(tree: Tree): Settings {
  const result = Settings.safeParse(tree)
  if (result.success) return result.data
  const lines = result.error.issues.flatMap((issue) => describe(issue, tree))
  throw new ConfigError(
    'CONFIG_SETTING_INVALID',
    `reading the settings, ${lines.length} of them cannot be used:\n${lines.join('\n')}`,
    {
      dataState: 'nothing was started and nothing was changed',
      hint: 'correct them in the file named by DAGTILBUD_CONFIG or in the environment; config/default.yaml explains each',
      facts: { settings: lines.length },
    },
  )
}

function describe(issue: z.core.$ZodIssue, tree: Tree): string[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `  ${[...path, key].join('.')}: there is no such setting`)
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return closest(issue.errors).flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }, tree))
  const name = path.join('.')
  const value = path.reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree)
  const shown = withSecrets.has(name) ? 'something else, not shown as it may hold a secret' : JSON.stringify(value)
  const env = settingPaths().includes(name) ? ` (environment: ${envNameOf(name)})` : ''
  return [`  ${name} ${value === undefined ? 'is not set' : `is ${shown}`}; ${issue.message}${env}`]
}

/** Of the forms a setting may have, the one that was meant: it knows all the names, and has the fewest faults. */
function closest(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const faults = (form: readonly z.core.$ZodIssue[]) =>
    form.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 100 : 1), 0)
  return [...forms].sort((a, b) => faults(a) - faults(b))[0] ?? []
}

function readTree(file: string): Tree {
  try {
    const content: unknown = parse(readFileSync(file, 'utf8')) ?? {}
    if (!isTree(content)) throw new TypeError('it holds no settings by name')
    return content
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError('CONFIG_FILE_UNREADABLE', `reading settings from ${file}: ${seen}`, {
      dataState: 'nothing was started and nothing was changed',
      hint: 'check the path in DAGTILBUD_CONFIG and that the file is YAML',
      cause,
    })
  }
}

/** DAGTILBUD_NIGHT_SETTLE_MS=2000 -> { night: { settleMs: 2000 } }; an empty variable counts as not set. */
function readEnv(env: NodeJS.ProcessEnv): Tree {
  const tree: Tree = {}
  for (const path of settingPaths()) {
    // REDIS_URL is the name that most hosts and tools give it.
    const text = env[envNameOf(path)] ?? (path === 'redis.url' ? env['REDIS_URL'] : undefined)
    if (text === undefined || text === '') continue
    const keys = path.split('.')
    const leaf = keys.pop() as string
    const parent = keys.reduce<Tree>((node, key) => {
      node[key] ??= {}
      return node[key] as Tree
    }, tree)
    parent[leaf] = isTextSetting(path) ? text : toNumber(text)
  }
  return tree
}

/** The number a text writes, or the text itself, which is then named as it stands. */
function toNumber(text: string): number | string {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? text : value
}

function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key]
    merged[key] = isTree(before) && isTree(value) ? merge(before, value) : value
  }
  return merged
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
