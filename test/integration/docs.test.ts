import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/load-settings.ts'
import { packageRoot } from '../../config/package-root.ts'
import { envNameOf, settingPaths } from '../../config/setting-paths.ts'
import { Supplier } from '../../config/settings.ts'
import { buildCli } from '../../src/cli/build-cli.ts'
import { readCommandTree, withAllBelow } from '../../src/cli/completion/command-tree.ts'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import type { Parts } from '../../src/cli/program.ts'
import { errorCodes } from '../../src/domain/error-codes.ts'
import { flow } from '../../src/domain/flow.ts'
import { aScreen } from '../kit/a-screen.ts'

describe('docs/errors.md', () => {
  it('has a row for each code, once, and for no other', () => {
    const codes = rowsOf(read('docs/errors.md')).flatMap(([first = '']) =>
      /^`[A-Z]+_[A-Z_]+`$/.test(first) ? [bare(first)] : [],
    )

    expect(codes.toSorted()).toEqual(Object.keys(errorCodes).toSorted())
  })
})

describe('docs/operations.md', () => {
  const page = read('docs/operations.md')

  it('has each setting with its environment variable and its default', () => {
    const settings = loadSettings({ DAGTILBUD_UNILOGIN_BASE_URL: 'https://localhost' })
    const listed = rowsOf(page).filter(([, env = '']) => env.startsWith('`DAGTILBUD_'))

    expect(listed.map(([path = '', env = '', value = '']) => [bare(path), bare(env), value])).toEqual(
      settingPaths().map((path) => [path, envNameOf(path), defaultOf(settings, path)]),
    )
  })

  it('has each setting of a supplier', () => {
    const [table = ''] = page.slice(page.indexOf('| Of a supplier |')).split('\n\n')
    const named = rowsOf(table).flatMap(([cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))

    expect(named.toSorted()).toEqual(Object.keys(Supplier.shape).toSorted())
  })

  it('has each command with its arguments and options', () => {
    const cli = buildCli({} as Parts, { now: () => 0 }, '0.0.0', aScreen())
    const [, block = ''] = /^## Commands\n\n```\n([^`]+)\n```/m.exec(page) ?? []

    expect(block.split('\n')).toEqual(usageOf(cli, 'dagtilbud'))
  })

  it('has each exit code, and no command ends with one of its own', () => {
    const [table = ''] = page.slice(page.indexOf('| Code | Means |')).split('\n\n')
    const ends = trackedFiles().filter((file) => file.startsWith('src/') && /exitCode = \d|process\.exit\(/.test(read(file)))

    expect(rowsOf(table).map(([code]) => code)).toEqual(['Code', ...Object.values(exitCodes).map(String)])
    expect(ends).toEqual([])
  })

  it('has each command that prints for programs, with its schema', () => {
    const cli = buildCli({} as Parts, { now: () => 0 }, '0.0.0', aScreen())
    const [table = ''] = page.slice(page.indexOf('| Command | Prints |')).split('\n\n')
    const listed = rowsOf(table).flatMap(([command = '', prints = '']) => (prints.includes('/schemas/') ? [bare(command)] : []))
    const leaves = withAllBelow(readCommandTree(cli)).filter(({ commands }) => commands.length === 0)
    const printing = leaves.filter(({ flags, path }) => path[1] === 'export' || flags.some(({ name }) => name === '--json'))
    const silent = leaves.filter((leaf) => !printing.includes(leaf)).map(({ path }) => path.at(-1))

    const named = printing.map(({ path }) => path.slice(1).join(' ')).filter((name) => name !== 'export help')
    expect(listed.toSorted()).toEqual(named.toSorted())
    expect(new Set(silent)).toEqual(new Set(['start', 'worker', 'completion', 'help']))
  })
})

describe('docs/architecture.md', () => {
  const page = read('docs/architecture.md')

  it('has the line as flow.ts has it', () => {
    const table = page.slice(page.indexOf('<!-- flow -->'), page.indexOf('<!-- /flow -->'))
    const [, ...rows] = rowsOf(table)

    expect(rows).toEqual(flow.map(({ job, kind, decides, commits, states }) => [job, kind, decides, commits, states.join(', ')]))
  })

  it('names only files that are there', () => {
    const paths = [...page.matchAll(/`((?:src|config|jobs|test|scripts)\/[\w./-]+)`/g)].map(([, path = '']) =>
      path.replace(/\/$/, ''),
    )
    const tree = trackedFiles()

    expect(paths.filter((path) => !tree.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([])
  })
})

describe('docs/guarantees.md', () => {
  it('names for each promise a test that is there', () => {
    const promises = rowsOf(read('docs/guarantees.md')).filter(([, , tests = '']) => tests.includes('test'))
    const missing = promises.flatMap(([, , tests = '']) =>
      tests.split('; ').filter((named) => {
        const [, path = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(named) ?? []
        return !trackedFiles().includes(path) || !read(path).includes(title)
      }),
    )

    expect(promises.length).toBeGreaterThan(20)
    expect(missing).toEqual([])
  })
})

describe('the README', () => {
  it('is short enough to be read', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(200)
  })
})

describe('links in the documents', () => {
  const pages = trackedFiles().filter((file) => file.endsWith('.md'))

  it.each(pages)('%s points only at what is there', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)].map(([, file = '', anchor = '']) => ({
      file: file === '' ? page : join(page, '..', file),
      anchor,
    }))
    const broken = links.filter(({ file, anchor }) => !trackedFiles().includes(file) || !anchorsOf(file).includes(anchor))

    expect(broken).toEqual([])
  })
})

describe('the tracked tree', () => {
  it('names no path outside the project and no package registry', () => {
    const outside = String.raw`(^|[^[:alnum:]_.~-])/(work|root|home/[a-z]+|Users)/[[:alnum:]]|\.\./shared/|registry\.[a-z]+js\.|//registry\.`
    const hits = git(['grep', '-nIE', outside, '--', '.', ':!test/integration/docs.test.ts'])

    expect(hits).toEqual([])
  })
})

let tracked: readonly string[] | undefined

function trackedFiles(): readonly string[] {
  tracked ??= git(['ls-files'])
  return tracked
}

/** The lines that git prints; none when it finds nothing. */
function git(args: readonly string[]): string[] {
  try {
    return execFileSync('git', args, { cwd: packageRoot, encoding: 'utf8' }).trim().split('\n')
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 1) return []
    throw error
  }
}

function read(file: string): string {
  return readFileSync(join(packageRoot, file), 'utf8')
}

/** The rows of every table, by cell; the line under a header is left out. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    )
}

function bare(cell: string): string {
  return cell.replaceAll('`', '')
}

function defaultOf(settings: object, path: string): string {
  if (path === 'unilogin.baseUrl') return 'must be set'
  const value = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], settings)
  return value === undefined ? 'not set' : `\`${value}\``
}

/** One line per command, as a person would type it. */
function usageOf(command: Command, path: string): string[] {
  return command.commands.flatMap((sub) => {
    const name = `${path} ${sub.name()}`
    if (sub.commands.length > 0) return usageOf(sub, name)
    const args = sub.registeredArguments.map((arg) => {
      const text = `${arg.name()}${arg.variadic ? '...' : ''}`
      return arg.required ? `<${text}>` : `[${text}]`
    })
    const options = sub.options.map((option) => (option.mandatory ? option.flags : `[${option.flags}]`))
    return [[name, ...args, ...options].join(' ')]
  })
}

/** The anchors of a page's headings, and none at all. */
function anchorsOf(file: string): string[] {
  if (!file.endsWith('.md')) return ['']
  const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text)
  return [
    '',
    ...headings.map(
      (text) =>
        `#${text
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-')}`,
    ),
  ]
}
