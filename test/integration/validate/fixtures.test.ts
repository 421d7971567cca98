import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterEach, describe, expect, it } from 'vitest'
import { CheckDocument } from '../../../config/documents/deliveries.ts'
import { registerValidate } from '../../../src/cli/validate.ts'
import { aScreen } from '../../kit/a-screen.ts'
import { aClock } from '../../kit/builders.ts'

const folder = new URL('../../fixtures/deliveries/', import.meta.url).pathname
const files = readdirSync(folder)
  .filter((name) => /\.(?:xml|csv|gz|zip)$/.test(name))
  .sort()
/** For each file its outcome, and place and code of every finding; gone through by hand, and its places held against the text below. */
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<string, readonly string[]>

/** Runs `dagtilbud validate` in this process. */
async function run(...args: readonly string[]): Promise<string> {
  const screen = aScreen()
  const program = new Command('dagtilbud')
  registerValidate(program, aClock(), screen)
  await program.parseAsync(['node', 'dagtilbud', 'validate', ...args])
  return screen.out()
}

async function check(name: string): Promise<(typeof CheckDocument)['_output']['filer'][number]> {
  const [file] = CheckDocument.parse(JSON.parse(await run('--json', `${folder}${name}`))).filer
  if (file === undefined) throw new Error('no file in the answer')
  return file
}

/** The lines of a file as an editor shows them. */
function linesOf(name: string): string[][] {
  const bytes = readFileSync(`${folder}${name}`)
  const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes
  const text = plain[0] === 0xff ? plain.toString('utf16le') : plain.toString(/latin1|000043/.test(name) ? 'latin1' : 'utf8')
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => [...line])
}

afterEach(() => {
  process.exitCode = 0
})

describe('dagtilbud validate on the fixture folder', () => {
  it('knows every file', () => {
    expect(Object.keys(expected).sort()).toEqual(files)
  })

  it.each(files)('finds in %s just what is there', async (name) => {
    const { udfald, fund } = await check(name)

    expect([udfald, ...fund.map(({ linje, kolonne, kode }) => `${linje ?? '-'}:${kolonne ?? '-'} ${kode}`)]).toEqual(
      expected[name],
    )
  })

  it.each(files.filter((name) => !name.endsWith('.zip')))('points into %s at the very value it speaks of', async (name) => {
    const lines = linesOf(name)

    for (const { linje, kolonne, vaerdi, kode } of (await check(name)).fund) {
      if (linje === null || kolonne === null || vaerdi === null) continue
      const found = (lines[linje - 1] ?? []).slice(kolonne - 1).join('')
      expect([kode, found.replace(/^"/, '').startsWith(vaerdi)]).toEqual([kode, true])
    }
  })

  it('says what it took a file for and why', async () => {
    const takenFor = async (name: string) => (await check(name)).laestSom.map(({ da }) => da)
    expect(await takenFor('good.xml.gz')).toEqual([
      'gzip, ved de første bytes',
      'leverance-XML, ved indholdet',
      'utf-8, ved XML-erklæringen',
    ])
    expect(await takenFor('good-utf16.xml')).toEqual(['leverance-XML, ved indholdet', 'UTF-16, ved BOM'])
    expect(await takenFor('101_fuld_000043_n6.csv')).toEqual([
      'CSV i eksportens layout, ved filnavn og indhold',
      'Windows-1252, da bytes ikke er UTF-8',
    ])
  })

  it('ends with 1 when something is refused and with 0 when all is well', async () => {
    const text = await run(`${folder}good.xml`, `${folder}101_fuld_000042_n6.csv`)
    expect(process.exitCode ?? 0).toBe(0)
    expect(text).toContain('6 læst = 6 accepteret + 0 afvist')

    await run(`${folder}good.xml`, `${folder}odd.xml`)
    expect(process.exitCode).toBe(1)
  })

  it('prints findings as CSV that a spreadsheet shows as they are', async () => {
    const csv = await run('--csv', `${folder}odd.xml`)

    const lines = csv.trimEnd().split('\r\n')
    expect(lines).toHaveLength((expected['odd.xml']?.length ?? 0) - 1 + 1)
    expect(lines[1]).toMatch(/odd\.xml";"posten afvist";"POST-07";15;7;/)
  })
})
