import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'
import { chooseLanguage } from '../../src/cli/choose-language.ts'
import { renderError } from '../../src/cli/render-error.ts'
import { FatalError } from '../../src/domain/errors.ts'
import { aScreen } from '../kit/a-screen.ts'

/** Folders whose text is for people. */
const folders = ['src/cli', 'src/console']

/** Sources of what programs read: browsers a style sheet, shells a completion. */
const forPrograms = /style-sheet\.ts$|^completion\//

/** Text that is not for their eyes, or is English wherever it is read: errors, the log, answers to programs, names of classes. */
const asides = [/Error$/, /^(notThere|refusal|error|warn|info|debug|text|json|example)$/]
const asideAttributes = ['class', 'rel', 'content', 'autocomplete', 'viewBox', 'preserveAspectRatio']

interface Node {
  readonly type: string
  readonly [name: string]: unknown
}

/** A piece of text in a source, and the nodes it stands in, the innermost last. */
interface Piece {
  readonly text: string
  readonly isProse: boolean
  readonly around: readonly Node[]
}

function piecesOf(file: string): Piece[] {
  const { program, errors } = parseSync(file, readFileSync(join(packageRoot, file), 'utf8'))
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const pieces: Piece[] = []
  const walk = (value: unknown, around: readonly Node[]): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, around)
    if (typeof value !== 'object' || value === null || !('type' in value)) return
    const node = value as Node
    const text = textOf(node)
    if (text !== null) pieces.push({ text, isProse: isProse(node, text), around })
    for (const [name, child] of Object.entries(node)) if (name !== 'key') walk(child, [...around, node])
  }
  walk(program, [])
  return pieces
}

function textOf(node: Node): string | null {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  if (node.type === 'JSXText') return String(node['value'])
  return node.type === 'TemplateElement' ? String((node['value'] as { cooked: string }).cooked) : null
}

function isProse(node: Node, text: string): boolean {
  if (node.type === 'JSXText') return /\p{L}/u.test(text)
  return /[æøå]|\p{L}{2,} \p{L}{2,}/iu.test(text) && !/^ ?dagtilbud \w|^Dagtilbud Sync$/.test(text)
}

function languageOf({ around }: Piece): string | undefined {
  const named = around.map((node) =>
    node.type === 'Property'
      ? (node['key'] as Node)['name']
      : node.type === 'JSXAttribute'
        ? (node['name'] as Node)['name']
        : undefined,
  )
  return named.find((name) => name === 'da' || name === 'en') as string | undefined
}

function isAside({ around }: Piece): boolean {
  return around.some((node) => {
    if (/^(Import|Export.*From|ExportAll|TS|BinaryExpression|TaggedTemplate)/.test(node.type)) return true
    if (node.type === 'JSXAttribute') return asideAttributes.includes(String((node['name'] as Node)['name']))
    if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false
    const callee = node['callee'] as Node
    const name = String(callee['name'] ?? (callee['property'] as Node | undefined)?.['name'] ?? '')
    return asides.some((aside) => aside.test(name))
  })
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true })
    .map(String)
    .filter((file) => /\.tsx?$/.test(file) && !forPrograms.test(file))
    .map((file) => join(folder, file))
}

describe('text for people', () => {
  const pieces = folders.flatMap(sourcesIn).flatMap((file) => piecesOf(file).map((piece) => ({ file, ...piece })))

  it('stands in both languages: none is written outside a pair', () => {
    const alone = pieces.filter((piece) => piece.isProse && languageOf(piece) === undefined && !isAside(piece))

    expect(alone.map(({ file, text }) => `${file}: ${text.trim()}`)).toEqual([])
    expect(pieces.filter((piece) => languageOf(piece) === 'da').length).toBeGreaterThan(100)
  })

  it('has no Danish letters where it is English', () => {
    const danish = pieces.filter((piece) => languageOf(piece) === 'en' && /[æøå]/i.test(piece.text))

    expect(danish.map(({ file, text }) => `${file}: ${text.trim()}`)).toEqual([])
  })
})

describe('the language of the command line', () => {
  it.each([
    [[], {}, 'da'],
    [[], { LANG: 'C.UTF-8' }, 'da'],
    [[], { LANG: 'de_DE.UTF-8' }, 'da'],
    [[], { LANG: 'en_GB.UTF-8' }, 'en'],
    [[], { LANG: 'enm_GB' }, 'da'],
    [[], { LANG: 'en_US', LC_ALL: 'da_DK.UTF-8' }, 'da'],
    [[], { LANG: 'da_DK', LC_MESSAGES: 'en', LC_ALL: '' }, 'en'],
    [['night', 'show', '--lang', 'en'], { LANG: 'da_DK' }, 'en'],
    [['--lang=da', 'night', 'show'], { LANG: 'en_GB' }, 'da'],
    [['--lang', 'fr'], { LANG: 'en_GB' }, 'en'],
  ] as const)('of %o with %o is %s', (args, env, language) => {
    expect(chooseLanguage(args, env)).toBe(language)
  })

  it('is that of what to do about an error, too; what was seen is English, as in the log', () => {
    const error = new FatalError('HOLD_NOT_FOUND', 'looking for hold "h-1"', {
      dataState: 'nothing was changed',
      hint: 'see the list',
    })
    const [danish, english] = [aScreen('da'), aScreen('en')]

    danish.print(renderError(error))
    english.print(renderError(error))

    expect(danish.out()).toBe(
      'HOLD_NOT_FOUND: looking for hold "h-1"\n  data: nothing was changed\n  gør:  se dagtilbud hold list\n        see the list\n',
    )
    expect(english.out()).toBe('HOLD_NOT_FOUND: looking for hold "h-1"\n  data: nothing was changed\n  do:   see the list\n')
  })
})
