import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'

const biome = join(packageRoot, 'node_modules/.bin/biome')
const folder = mkdtempSync(join(tmpdir(), 'import-direction-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A file and an import that does not belong in it. */
const planted: readonly (readonly [file: string, statement: string])[] = [
  ['src/domain/a.ts', "import { x } from '../ports/clock.ts'"],
  ['src/domain/a.ts', "import { x } from '../../config/settings.ts'"],
  ['src/domain/a.ts', "import { x } from 'zod'"],
  ['src/domain/a.ts', "import { x } from 'node:fs'"],
  ['src/domain/rules/a.ts', "import type { X } from '../../formats/receipt.ts'"],
  ['src/ports/a.ts', "import type { X } from '../app/context.ts'"],
  ['src/ports/a.ts', "import type { X } from '../formats/receipt.ts'"],
  ['src/ports/register/a.ts', "import type { X } from 'drizzle-orm'"],
  ['src/formats/a.ts', "import { x } from '../ports/clock.ts'"],
  ['src/formats/unilogin/a.ts', "import { x } from 'node:https'"],
  ['config/a.ts', "import { x } from '../src/app/open-night.ts'"],
  ['config/a.ts', "import { x } from 'better-sqlite3'"],
  ['src/app/a.ts', "import { x } from '../adapters/sqlite/open-register.ts'"],
  ['src/app/a.ts', "import { x } from '../worker/run-job.ts'"],
  ['src/app/a.ts', "import { x } from 'bullmq'"],
  ['src/app/a.ts', "const x = await import('node:fs/promises')"],
  ['src/app/a.ts', "export { x } from '../sandbox/test-ca.ts'"],
  ['src/adapters/sftp/a.ts', "import { x } from '../../app/open-night.ts'"],
  ['src/adapters/sftp/a.ts', "import { x } from '../sqlite/open-register.ts'"],
  ['src/adapters/sftp/a.ts', "import { x } from '../../sandbox/test-ca.ts'"],
  ['src/adapters/system/a.ts', "import { x } from 'commander'"],
  ['jobs/a.ts', "import { x } from '../src/adapters/sqlite/open-register.ts'"],
  ['jobs/a.ts', "import { x } from '../src/worker/run-job.ts'"],
  ['jobs/a.ts', "import { x } from 'ioredis'"],
  ['src/worker/a.ts', "import { x } from '../adapters/bullmq/create-job-queue.ts'"],
  ['src/worker/a.ts', "import { x } from 'bullmq'"],
  ['src/console/a.ts', "import { x } from '../adapters/sqlite/open-register.ts'"],
  ['src/console/a.ts', "import { x } from 'drizzle-orm/sqlite-core'"],
  ['src/cli/a.ts', "import { x } from '../adapters/sqlite/open-register.ts'"],
  ['src/cli/a.ts', "import { x } from '../main/parts.ts'"],
  ['src/cli/a.ts', "import { x } from '../sandbox/test-ca.ts'"],
  ['src/cli/run-demo.ts', "import { x } from '../adapters/sqlite/open-register.ts'"],
  ['src/cli/run-demo.ts', "import { x } from 'ssh2'"],
  ['src/sandbox/a.ts', "import { x } from '../app/open-night.ts'"],
  ['src/sandbox/sftp-server/a.ts', "import { x } from '../../adapters/sftp/host-key.ts'"],
  ['src/sandbox/a.ts', "import { x } from 'pino'"],
  ['src/main/a.ts', "import { x } from '../sandbox/test-ca.ts'"],
  ['src/main/a.ts', "import { x } from 'better-sqlite3'"],
  ['src/main/a.ts', "import { x } from '../../test/kit/openssh.ts'"],
]

/** Imports that go down, or are a folder's own business. */
const allowed: readonly (readonly [file: string, statement: string])[] = [
  ['src/domain/rules/b.ts', "import { x } from '../time.ts'"],
  ['src/domain/b.ts', "import { x } from 'node:crypto'"],
  ['src/formats/unilogin/b.ts', "import { x } from '../../domain/unit.ts'"],
  ['src/app/b.ts', "import { x } from '../ports/register/files.ts'"],
  ['src/adapters/sqlite/b.ts', "import { x } from './schema.ts'"],
  ['src/cli/sandbox.ts', "import { x } from '../sandbox/start-small-denmark.ts'"],
  ['src/main/b.ts', "import { x } from '../adapters/sftp/create-sftp-inbox.ts'"],
]

describe('the import direction', () => {
  const complaints = lint([...planted, ...allowed])

  it.each(planted)('%s may not say: %s', (file, statement) => {
    expect(complaints).toContain(complaintAbout(file, statement))
  })

  it.each(allowed)('%s may say: %s', (file, statement) => {
    expect(complaints).not.toContain(complaintAbout(file, statement))
  })

  it('has a rule for every folder of the source', () => {
    const config = readFileSync(join(packageRoot, 'biome.json'), 'utf8')
    const folders = readdirSync(join(packageRoot, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())

    expect(folders.filter(({ name }) => !config.includes(`"src/${name}/**"`)).map(({ name }) => name)).toEqual([])
  })

  it('names every adapter, so that none can know another', () => {
    const config = readFileSync(join(packageRoot, 'biome.json'), 'utf8')
    const [, named = ''] = /"\.\.\/\{([a-z,]+)\}\/\*\*"/.exec(config) ?? []

    expect(named.split(',').sort()).toEqual(readdirSync(join(packageRoot, 'src/adapters')).sort())
  })

  it('holds in the tree as it is', () => {
    const run = spawnSync(biome, ['lint', '--only=style/noRestrictedImports', 'src', 'jobs', 'config'], {
      cwd: packageRoot,
      encoding: 'utf8',
    })

    expect(run.status, run.stdout + run.stderr).toBe(0)
  })
})

/** One statement per file and line, linted in a folder of its own by the project's rules; gives the complaints. */
function lint(statements: readonly (readonly [file: string, statement: string])[]): string[] {
  for (const file of new Set(statements.map(([name]) => name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${linesOf(statements, file).join('\n')}\n`)
  }
  copyFileSync(join(packageRoot, 'biome.json'), join(folder, 'biome.json'))
  const rule = '--only=style/noRestrictedImports'
  const args = ['lint', rule, '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none', '.']
  const { stdout } = spawnSync(biome, args, { cwd: folder, encoding: 'utf8' })
  return [...stdout.matchAll(/file=(\S+?),line=(\d+)/g)].map(
    ([, file, line]) => `${file?.slice(file.indexOf(folder) + folder.length + 1)}:${line}`,
  )
}

function complaintAbout(file: string, statement: string): string {
  return `${file}:${linesOf([...planted, ...allowed], file).indexOf(statement) + 1}`
}

function linesOf(statements: readonly (readonly [file: string, statement: string])[], file: string): string[] {
  return statements.filter(([name]) => name === file).map(([, statement]) => statement)
}
