import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCli } from '../../src/cli/build-cli.ts'
import { type CommandNode, readCommandTree, withAllBelow } from '../../src/cli/completion/command-tree.ts'
import type { Parts } from '../../src/cli/program.ts'
import { aScreen } from '../kit/a-screen.ts'

const root = readCommandTree(buildCli({} as Parts, { now: () => 0 }, '0', aScreen()))
const nodes = withAllBelow(root)
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dagtilbud-completion-'))
  for (const shell of ['bash', 'zsh', 'fish']) {
    const screen = aScreen('en')
    await buildCli({} as Parts, { now: () => 0 }, '0', screen).parseAsync(['completion', shell], { from: 'user' })
    writeFileSync(join(folder, `dagtilbud.${shell}`), screen.out())
  }
  for (const file of ['en fil.xml', 'leverance.xml']) writeFileSync(join(folder, file), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What bash offers at the end of each line, the words split as it splits them; one bash for all of them. */
function offeredByBash(lines: readonly (readonly string[])[]): string[][] {
  const asked = lines.map((words) => `ask ${words.map((word) => `'${word}'`).join(' ')}`)
  const script = `
    source dagtilbud.bash
    ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _dagtilbud; (IFS='|'; echo "\${COMPREPLY[*]}"); }
    ${asked.join('\n')}`
  const out = execFileSync('bash', ['--norc', '-c', script], { cwd: folder, encoding: 'utf8' })
  return out
    .split('\n')
    .slice(0, lines.length)
    .map((line) => line.split('|').filter((word) => word !== ''))
}

const namesBelow = ({ commands }: CommandNode) => commands.map(({ path }) => path.at(-1))

describe('completion in bash', () => {
  it('is loaded by sourcing it', () => {
    const out = execFileSync('bash', ['--norc', '-c', 'source dagtilbud.bash && complete -p dagtilbud'], { cwd: folder })

    expect(String(out)).toBe('complete -F _dagtilbud dagtilbud\n')
  })

  it('offers every command below every command, and every option of each', () => {
    const groups = nodes.filter(({ commands, args }) => commands.length > 0 && args.length === 0)
    const offered = offeredByBash([...groups.map(({ path }) => [...path, '']), ...nodes.map(({ path }) => [...path, '-'])])

    expect(offered.slice(0, groups.length)).toEqual(groups.map(namesBelow))
    expect(offered.slice(groups.length)).toEqual(
      nodes.map((node) => [...(node === root ? [] : node.flags), ...root.flags].map(({ name }) => name)),
    )
    expect(groups.length).toBeGreaterThan(5)
  })

  it.each([
    ['the start of a word', ['dagtilbud', 'ho'], ['hold']],
    ['after an option of every command', ['dagtilbud', '--lang', 'en', 'hold', 'app'], ['approve']],
    ['the values of an option', ['dagtilbud', 'register', 'link', 'A1', 'G2', '--relation', 'u'], ['udskilt']],
    ['values behind =', ['dagtilbud', '--lang', '=', ''], ['da', 'en']],
    ['values at the =', ['dagtilbud', '--lang', '='], ['da', 'en']],
    ['the values of an argument', ['dagtilbud', 'completion', 'z'], ['zsh']],
    ['files, also with a space', ['dagtilbud', 'plan', '--date', '2026-11-24', 'e'], ['en fil.xml']],
    ['nothing where anything may stand', ['dagtilbud', 'night', 'run', '--date', ''], []],
    ['nothing in a command that there is not', ['dagtilbud', 'nothing', 'at', 'al'], []],
  ])('offers %s', (_case, words, wanted) => {
    expect(offeredByBash([words])).toEqual([wanted])
  })
})

describe('completion in other shells', () => {
  it('offers commands and values in fish', () => {
    const offered = (line: string) =>
      execFileSync('fish', ['--no-config', '-c', `source dagtilbud.fish; complete -C '${line}'`], {
        cwd: folder,
        encoding: 'utf8',
      })
        .trim()
        .split('\n')
        .map((each) => each.split('\t')[0])

    expect(offered('dagtilbud night ')).toEqual(['help', 'run', 'show', 'watch'])
    expect(offered('dagtilbud --lang en hold app')).toEqual(['approve'])
    expect(offered('dagtilbud register link A1 G2 --relation u')).toEqual(['udskilt'])
  })

  it('is loaded in zsh', () => {
    const script = 'autoload -Uz compinit; compinit -D; source dagtilbud.zsh; print $_comps[dagtilbud]'

    expect(execFileSync('zsh', ['-f', '-c', script], { cwd: folder, encoding: 'utf8' })).toBe('_dagtilbud\n')
  })
})
