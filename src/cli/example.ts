import type { Say } from '../domain/bilingual-text.ts'

/** What stands below the help of a command: how it is used. */
export function example(say: Say, ...commands: readonly string[]): string {
  const title = say({ da: 'Eksempel:', en: 'Example:' })
  return ['', title, ...commands.map((command) => `  ${command}`)].join('\n')
}
