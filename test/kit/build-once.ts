import { join } from 'node:path'
import { build } from 'esbuild'
import { packageRoot } from '../../config/package-root.ts'

/** Where the programs lie that tests start as processes of their own, each in one file so that it starts fast. */
const builtFolder = join(packageRoot, 'node_modules/.e2e')

/** The real program, a night that ends itself at a seam, and the opening of a register. */
export const builtProgram = {
  dagtilbud: join(builtFolder, 'dagtilbud.mjs'),
  night: join(builtFolder, 'night-process.mjs'),
  openRegister: join(builtFolder, 'open-register.mjs'),
}

/** What a bundled CommonJS package expects to find. */
const commonJsHelpers = [
  "import { createRequire } from 'node:module'",
  "import { dirname as toDirname } from 'node:path'",
  "import { fileURLToPath as toPath } from 'node:url'",
  'const require = createRequire(import.meta.url)',
  'const __filename = toPath(import.meta.url)',
  'const __dirname = toDirname(__filename)',
].join('\n')

/** Bundles the programs once per test run; types are checked elsewhere. Called by vitest before the end-to-end tests. */
export async function setup(): Promise<void> {
  await build({
    entryPoints: {
      dagtilbud: join(packageRoot, 'src/main/dagtilbud.ts'),
      'open-register': join(packageRoot, 'src/adapters/sqlite/open-register.ts'),
      'night-process': join(packageRoot, 'test/kit/night-process.ts'),
    },
    outdir: builtFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Native addons, and drivers that BullMQ can use but we do not.
    external: ['better-sqlite3', 'ssh2', 'pg', 'redis'],
    banner: { js: commonJsHelpers },
    logLevel: 'error',
  })
}
