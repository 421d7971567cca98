import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ruleTable } from '../../../src/domain/rules/rule-table.ts'
import { sealLeverance } from '../../../src/formats/seal-leverance.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { createRandom } from '../../../src/sandbox/generator/random.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'
import { validateBytes } from '../../kit/validate-text.ts'

const schema = new URL('../../../config/schemas/leverance-1.xsd', import.meta.url).pathname
const samples = 800

const values = [
  '',
  ' ',
  '0',
  '1',
  '901',
  '101',
  '0101',
  '1010',
  'G80001',
  'g80001',
  ' G80001 ',
  'aktiv',
  'NEDLAGT',
  'passiv',
  '12a',
  '0a',
  '999Z',
  '1000',
  '64942212',
  '6494221',
  '1090000000',
  '109000000',
  '55.7',
  '55,7',
  '-55.7',
  '5e3',
  '2100',
  '210',
  'st',
  'k2',
  'k1',
  'tv',
  'a b',
  'æøå/',
  'x'.repeat(40),
  'x'.repeat(41),
  'é'.repeat(132),
  '😀'.repeat(132),
  'x'.repeat(133),
  'hus@sol.example',
  '0a3f507a-93e7-32b8-e044-0003ba298018',
  '0A3F507A-93E7-32B8-E044-0003BA298018',
  '&amp;',
  '<![CDATA[12]]>',
  '<!-- x -->',
  '<x/>',
  '\u00a0',
  'fuld',
  'daginstitution',
  '2026-11-24T01:15:00Z',
  '2026-11-24',
  '2027-02-29',
  '2028-02-29',
  '0000-01-01',
  '2027-01-01Z',
  ' 2027-01-01 ',
  '27-01-01',
  'a:b/c.d_e-f',
  'æ',
  '12 34',
  '\t12\n',
] as const

/** Each changes one place of a well-formed document and leaves it well-formed. */
const mutations: readonly ((text: string, pick: (n: number) => number) => string)[] = [
  // Another value in some element.
  (text, pick) => replaceNth(text, />([^<>\n]*)<\//g, pick, () => `>${values[pick(values.length)]}</`),
  (text, pick) => replaceNth(text, /(?<=<gyldigFra>)[^<]*/g, pick, () => values[pick(values.length)] ?? ''),
  // An element gone, doubled, renamed, with an attribute, or changing place with the next.
  (text, pick) => replaceNth(text, /^ +<(\w+)>[^<\n]*<\/\1>\n/gm, pick, () => ''),
  (text, pick) => replaceNth(text, /^ +<(\w+)>[^<\n]*<\/\1>\n/gm, pick, (found) => found + found),
  (text, pick) => replaceNth(text, /<(\w+)>([^<\n]*)<\/\1>/g, pick, (_f, _n, value) => `<ukendt>${value}</ukendt>`),
  (text, pick) => replaceNth(text, /<(\w+)>/g, pick, (_f, name) => `<${name} a="1">`),
  (text, pick) =>
    replaceNth(text, /^( +<\w+>[^<\n]*<\/\w+>\n)( +<\w+>[^<\n]*<\/\w+>\n)/gm, pick, (_f, one, two) => `${two}${one}`),
  // Something new: extra values, text, empty elements, comments, instructions.
  (text, pick) =>
    replaceNth(
      text,
      /^ +<\/(?:daginstitution|anvisningsenhed|alternativAdresse)>\n/gm,
      pick,
      (found) => `<ekstra navn="${values[pick(12)]}">${'y'.repeat([1, 1000, 1001][pick(3)] ?? 0)}</ekstra>\n${found}`,
    ),
  (text, pick) =>
    replaceNth(text, /^ +</gm, pick, (found) => `${['tekst', ' ', '<!-- x -->', '<?x y?>', '<Adresse/>'][pick(5)]}${found}`),
  (text, pick) => replaceNth(text, /<(\w+)>[^<\n]*<\/\1>/g, pick, (_f, name) => `<${name}/>`),
  (text, pick) => replaceNth(text, /<(\/?)(\w+)>/g, pick, (found) => found),
]

function replaceNth(
  text: string,
  pattern: RegExp,
  pick: (n: number) => number,
  replace: (...groups: string[]) => string,
): string {
  const matches = [...text.matchAll(pattern)]
  const match = matches[pick(matches.length)]
  if (match === undefined) return text
  return text.slice(0, match.index) + replace(...(match as unknown as string[])) + text.slice(match.index + match[0].length)
}

describe('our streaming check of leverance-1.xsd', () => {
  it(`agrees with xmllint on ${samples} changed files`, { timeout: 60_000 }, async () => {
    const random = createRandom('schema-oracle')
    const pick = (n: number): number => random.between(0, n - 1)
    const good = sealLeverance(Buffer.from(writeLeveranceXml(aGoodLeverance({ gyldigFra: '2026-11-24' })))).toString()
    const folder = mkdtempSync(join(tmpdir(), 'leverance-'))
    const texts = Array.from({ length: samples }, () => {
      let text = good
      for (let times = 1 + pick(2); times > 0; times--)
        text = (mutations[pick(mutations.length)] ?? ((same: string) => same))(text, pick)
      return text
    })
    const names = texts.map((text, i) => {
      const name = join(folder, `${i}.xml`)
      writeFileSync(name, text)
      return name
    })
    const { stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...names], { encoding: 'utf8', maxBuffer: 1e9 })
    rmSync(folder, { recursive: true })
    const valid = new Set([...stderr.matchAll(/^(.*) validates$/gm)].map((match) => match[1]))

    const differ: string[] = []
    for (const [i, text] of texts.entries()) {
      const { result } = await validateBytes('a.xml', text)
      const found = result.findings
        .filter(({ code }) => ruleTable.get(code)?.skema === true)
        .map(({ code, line, field, value }) => `${code} ${line} ${field} ${value}`)
      // Counts and declared levels are above what a schema can say; they stop the reading at the first fault.
      if (valid.has(names[i] ?? '') !== (found.length === 0))
        differ.push(
          `${valid.has(names[i] ?? '') ? 'xmllint passes' : 'xmllint refuses'} ${i}: ${found.join('; ')}\n${firstDifference(good, text)}`,
        )
    }

    expect(valid.size).toBeGreaterThan(samples / 10)
    expect(valid.size).toBeLessThan((samples * 9) / 10)
    expect(differ).toEqual([])
  })
})

function firstDifference(good: string, text: string): string {
  const before = good.split('\n')
  const after = text.split('\n')
  const at = after.findIndex((line, i) => line !== before[i])
  return after
    .slice(Math.max(0, at - 1), at + 3)
    .join('\n')
    .slice(0, 300)
}
