import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json: where default.yaml, schemas and migrations lie, whether we run from source or from dist. */
export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)))

function findUp(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findUp(dirname(folder))
}
