import fc from 'fast-check'
import { SyncError } from '../../src/domain/errors.ts'

/** Tries of one property: FUZZ_RUNS when it is set, as `npm run fuzz` does; a few in the daily run. */
export const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? 15)

/** Pieces of what has broken readers before: ends of text and markup, paths, headers, formulas, marks of direction, prototypes. */
const pieces = [
  ...['', ' ', '\0', '\r\n', '\n', '\t', '\u001b[2J', '\ufeff', '\ufffd', '\ud800', '\u202e', '\u200b', '‮gnirb', '😀'],
  ...["'", '"', '`', ';', ',', '&', '<', '>', ']]>', '<!--', '<?', '</', '&#0;', '&lt;', '%00', '%0d%0a', '%', '%c0%ae', '\\'],
  ...['../', '..\\', '/etc/passwd', 'C:\\', '//', 'file:///', 'javascript:', '=1+1', '@SUM(A1)', '-1', '+', '0', '1e999', 'NaN'],
  ...['__proto__', 'constructor', 'toString', 'null', 'true', '[]', '{}', '{"a":1}', '{{x}}', '!!js/undefined', '*a', '&a'],
  ...['2026-11-24', '2026-13-45', '9999-99-99', '101', 'G80001', 'f-1', '--help', '--', '-', "' OR 1=1 --", 'x'.repeat(3_000)],
]

/** A text as an attacker would write it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...pieces),
  fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), { maxLength: 5 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

/** A value of any kind. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.anything({ key: hostileText, values: [hostileText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)] }),
)

/** One of the texts, with up to four places cut out, doubled or written over. */
export function spoiled(...texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 30 }), put: hostileText, twice: fc.boolean() })
  return fc
    .record({ text: fc.constantFrom(...texts), changes: fc.array(change, { minLength: 1, maxLength: 4 }) })
    .map(({ text, changes }) =>
      changes.reduce((now, { at, cut, put, twice }) => {
        const from = at % (now.length + 1)
        const taken = now.slice(from, from + cut)
        return now.slice(0, from) + put + (twice ? taken + taken : '') + now.slice(from + cut)
      }, text),
    )
}

/** What a call gives, or null when it was refused in our own words. Anything else that it throws is a fault. */
export function refusedOr<T>(call: () => T): T | null {
  try {
    return call()
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}

/** As `refusedOr`, for what answers later. */
export async function refusedOrAsync<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}
