import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json: where default.yaml, schemas and migrations lie, whether we run from source or from dist. */
export const packageRoot = findUp(dirname(fileURLToPath(import.meta.url)))

/** Version of this program, from package.json. */
export const programVersion = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version

function findUp(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findUp(dirname(folder))
}
