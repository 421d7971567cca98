// Fails when a regular expression of the program can take more than linear time on a hostile text. Takes some 15 s.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync } from 'recheck'
import { packageRoot } from '../config/package-root.ts'
import { unitKinds } from '../src/domain/unit.ts'
import { buildLeverancePattern } from '../src/formats/leverance-pattern.ts'
import { findRegexes } from './find-regexes.ts'

/** Calls that build one while the program runs, with why each is linear. */
const built: ReadonlyMap<string, string> = new Map([
  [`src/cli/choose-language.ts: new RegExp(\`^\${language}[_.@-]\`)`, 'two letters and one character of four'],
  [`src/formats/leverance-pattern.ts: new RegExp(\`\${source}</\${kind}>\`, 'y')`, 'checked below, for each kind of record'],
  [`src/formats/xml-tokens.ts: new RegExp(\`[\${nameStart}][\${nameRest}]*\`, 'uy')`, 'one class repeated, and nothing after it'],
  [`src/formats/xml-tokens.ts: new RegExp(\`[\${notInXml}]\`)`, 'one character'],
])

const regexes = ['src', 'config', 'jobs']
  .flatMap((folder) => readdirSync(join(packageRoot, folder), { recursive: true }).map((file) => join(folder, String(file))))
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => findRegexes(file, readFileSync(join(packageRoot, file), 'utf8')))
const patterns = unitKinds.map((kind) => ({ where: `a ${kind} in XML`, ...pick(buildLeverancePattern(kind).pattern) }))
const literals = regexes.flatMap(({ file, text, literal }) =>
  literal === null ? [] : [{ where: `${file}: ${text}`, ...literal }],
)
const calls = regexes.flatMap(({ file, text, literal }) => (literal === null ? [`${file}: ${text}`] : []))

const faults = [
  ...calls
    .filter((call) => !built.has(call))
    .map((call) => `${call}\n  is built, and this script does not know why it is linear`),
  ...[...built.keys()].filter((call) => !calls.includes(call)).map((call) => `${call}\n  is in the list and not there`),
  ...[...literals, ...patterns].flatMap(({ where, pattern, flags }) => {
    const { status, complexity, attack } = checkSync(pattern, flags, { logger: null, randomSeed: 1, timeout: 300_000 })
    return status === 'safe'
      ? []
      : [`${where}\n  ${complexity?.summary ?? status}, as on ${attack?.pattern.slice(0, 200) ?? '?'}`]
  }),
]
for (const fault of faults) console.error(fault)
console.log(`${literals.length + patterns.length + calls.length} regular expressions, ${faults.length} at fault`)
if (faults.length > 0) process.exitCode = 1

function pick({ source, flags }: RegExp): { readonly pattern: string; readonly flags: string } {
  return { pattern: source, flags }
}
