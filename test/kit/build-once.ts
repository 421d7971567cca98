import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../../config/package-root.ts'

/** Where the compiled program lies that tests start as processes of their own. */
export const builtProgram = join(packageRoot, 'node_modules/.e2e')

/** Compiles the program once per test run; types are checked elsewhere. Called by vitest before the end-to-end tests. */
export function setup(): void {
  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc')
  const built = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.e2e.json', '--noCheck'], { cwd: packageRoot, encoding: 'utf8' })
  if (built.status !== 0)
    throw new Error(`compiling the program for the end-to-end tests failed:\n${built.stdout}${built.stderr}`)
}
