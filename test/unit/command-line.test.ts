import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { buildCli } from '../../src/cli/build-cli.ts'
import { readCommandTree, withAllBelow } from '../../src/cli/completion/command-tree.ts'
import type { Parts } from '../../src/cli/program.ts'
import { languages, same } from '../../src/domain/bilingual-text.ts'
import { aScreen } from '../kit/a-screen.ts'

const build = (language: 'da' | 'en') => buildCli({} as Parts, { now: () => 0 }, '0', aScreen(language))

/** The commands that do something, each by its words. */
function leavesOf(command: Command, words = ''): [words: string, command: Command][] {
  const name = `${words} ${command.name()}`.trim()
  return command.commands.length === 0 ? [[name, command]] : command.commands.flatMap((sub) => leavesOf(sub, name))
}

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) })
  command.outputHelp()
  return help
}

describe('the help of a command', () => {
  it.each(languages)('has an example that can be typed, in %s, and fits 100 columns', (language) => {
    const cli = build(language)
    const nodes = new Map(withAllBelow(readCommandTree(cli)).map((node) => [node.path.join(' '), node]))
    const everywhere = cli.options.map(({ long }) => long)
    const faults = leavesOf(cli).flatMap(([words, command]) => {
      const help = helpOf(command)
      const [, example = ''] = /\n(?:Eksempel|Example):\n {2}(.+)\n?$/.exec(help) ?? []
      const unquoted = example.replace(/"[^"]*"/g, 'x')
      const flags = [...unquoted.matchAll(/ (--[\w-]+)/g)].map(([, flag]) => flag)
      const known = [...(nodes.get(words)?.flags.map(({ name }) => name) ?? []), ...everywhere]
      const mandatory = command.options.filter((option) => option.mandatory).map(({ long }) => long)
      return [
        ...(example.includes(words) ? [] : [`${words}: no example`]),
        ...flags.filter((flag) => !known.includes(flag)).map((flag) => `${words}: ${flag} is no option`),
        ...mandatory.filter((flag) => !flags.includes(flag ?? '')).map((flag) => `${words}: ${flag} must be there`),
        ...help.split('\n').filter((line) => line.length > 100),
      ]
    })

    expect(faults).toEqual([])
  })

  it('speaks the language that was asked for', () => {
    expect(helpOf(build('da'))).toMatch(/^Brug: dagtilbud .*\n\nholder registret/)
    expect(helpOf(build('en'))).toMatch(/^Usage: dagtilbud .*\n\nkeeps the register/)
  })
})

describe('colours', () => {
  const painted = (parts: Parameters<typeof aScreen>[1]) => aScreen('da', parts).paint('bad', same('FEJL')).da

  it.each([
    ['are there on a terminal', { isTTY: true }, '\x1b[31mFEJL\x1b[39m'],
    ['are not there elsewhere', {}, 'FEJL'],
    ['are not there with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, 'FEJL'],
    ['are there when NO_COLOR is empty', { isTTY: true, env: { NO_COLOR: '' } }, '\x1b[31mFEJL\x1b[39m'],
  ])('%s', (_case, parts, text) => {
    expect(painted(parts)).toBe(text)
  })
})
