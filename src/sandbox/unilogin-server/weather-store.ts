import type { SandboxDatabase } from './open-sandbox-database.ts'
import { strikes, type WeatherCall, type WeatherRule } from './weather.ts'

/** The rules of bad weather in force, with how often each has struck. */
export interface WeatherStore {
  list(): readonly (WeatherRule & { readonly struck: number })[]
  /** Puts these in place of all there are; the counts start anew. */
  replace(rules: readonly WeatherRule[]): void
  /** The rule that strikes this call, counted as struck; null in fair weather. */
  strike(call: WeatherCall): WeatherRule | null
}

interface Row {
  readonly position: number
  readonly rule: string
  readonly struck: number
}

export function openWeatherStore(database: SandboxDatabase, seed: number): WeatherStore {
  const list = database.prepare<[], Row>('SELECT position, rule, struck FROM weather ORDER BY position')
  const clear = database.prepare('DELETE FROM weather')
  const add = database.prepare<[number, string]>('INSERT INTO weather (position, rule, struck) VALUES (?, ?, 0)')
  const count = database.prepare<[number]>('UPDATE weather SET struck = struck + 1 WHERE position = ?')
  let rules = load()

  return {
    list: () => rules,
    replace(next) {
      database.transaction(() => {
        clear.run()
        for (const [position, rule] of next.entries()) add.run(position, JSON.stringify(rule))
      })()
      rules = load()
    },
    strike(call) {
      const index = rules.findIndex(
        (rule, at) => (rule.count === null || rule.struck < rule.count) && strikes(rule, at, call, seed),
      )
      const rule = rules[index]
      if (rule === undefined) return null
      rule.struck += 1
      count.run(index)
      return rule
    },
  }

  function load(): (WeatherRule & { struck: number })[] {
    return list.all().map(({ rule, struck }) => ({ ...(JSON.parse(rule) as WeatherRule), struck }))
  }
}
