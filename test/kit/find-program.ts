import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program lies on the PATH. */
export function findProgram(name: string): string {
  const found = (process.env['PATH'] ?? '').split(delimiter).find((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error(`${name} is not on the PATH; scripts/run.mjs installs it`)
  return join(found, name)
}
