import { describe, expect, it } from 'vitest'
import { chainEntry, type LedgerEntry, ledgerStart, type NewLedgerEntry } from '../../../src/domain/ledger.ts'
import { aNight } from '../../kit/builders.ts'

const entries: readonly NewLedgerEntry[] = [
  { at: aNight, type: 'file', subject: 'f-1', facts: { sha256: 'aa', sizeBytes: 7 } },
  { at: aNight + 1, type: 'plan', subject: 'p-1', facts: { changes: 3, held: 0 } },
  { at: aNight + 2, type: 'decision', subject: 'h-1', facts: { by: 'drift', reason: 'sommerlukning' } },
]

function chain(list: readonly NewLedgerEntry[]): LedgerEntry[] {
  const links: LedgerEntry[] = []
  for (const entry of list) links.push(chainEntry(entry, links.at(-1) ?? null))
  return links
}

/** The first link that does not follow from the one before it; -1 when the chain holds. */
function firstBroken(links: readonly LedgerEntry[]): number {
  return links.findIndex(({ seq, previousHash, hash, ...entry }, i) => {
    const again = chainEntry(entry, links[i - 1] ?? null)
    return again.hash !== hash || again.previousHash !== previousHash || again.seq !== seq
  })
}

describe('the ledger', () => {
  it('chains each entry to the one before it, from a fixed start', () => {
    const links = chain(entries)

    expect(links.map(({ seq, previousHash }) => [seq, previousHash])).toEqual([
      [1, ledgerStart],
      [2, links[0]?.hash],
      [3, links[1]?.hash],
    ])
    expect(links[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(firstBroken(links)).toBe(-1)
  })

  it('does not depend on the order in which facts were written down', () => {
    const [entry] = entries as [NewLedgerEntry]
    const turned = { ...entry, facts: { sizeBytes: 7, sha256: 'aa' } }

    expect(chainEntry(turned, null).hash).toBe(chainEntry(entry, null).hash)
  })

  it.each<[string, Partial<LedgerEntry>]>([
    ['its time', { at: aNight + 9 }],
    ['its kind', { type: 'apply' }],
    ['its subject', { subject: 'p-2' }],
    ['a fact', { facts: { changes: 4, held: 0 } }],
    ['a fact more', { facts: { changes: 3, held: 0, extra: null } }],
    ['its place', { seq: 3 }],
    ['what it follows', { previousHash: ledgerStart }],
    ['its hash', { hash: 'f'.repeat(64) }],
  ])('shows an entry that was changed in %s', (_case, change) => {
    const links = chain(entries).map((link, i) => (i === 1 ? { ...link, ...change } : link))

    expect(firstBroken(links)).toBe(1)
  })

  it('shows any single character that was changed in what is stored', () => {
    const links = chain(entries)
    const stored = JSON.stringify(links[1])
    for (let i = 0; i < stored.length; i += 1) {
      const old = stored.charAt(i)
      const spoilt = `${stored.slice(0, i)}${/[0-9]/.test(old) ? (Number(old) + 1) % 10 : 'x'}${stored.slice(i + 1)}`
      const parsed = tryParse(spoilt)
      if (parsed === null) continue

      expect(firstBroken([links[0] as LedgerEntry, parsed, links[2] as LedgerEntry]), `character ${i} of ${stored}`).toBe(1)
    }
  })

  it('covers with each hash everything that came before', () => {
    const [first, ...rest] = entries as [NewLedgerEntry, ...NewLedgerEntry[]]
    const other = chain([{ ...first, facts: { ...first.facts, sizeBytes: 8 } }, ...rest])

    expect(chain(entries).filter(({ hash }, i) => hash === other[i]?.hash)).toEqual([])
  })

  it('shows an entry that was taken out, and two that were exchanged', () => {
    const [one, two, three] = chain(entries) as [LedgerEntry, LedgerEntry, LedgerEntry]

    expect(firstBroken([one, three])).toBe(1)
    expect(firstBroken([one, three, two])).toBe(1)
    expect(firstBroken([two, three])).toBe(0)
  })
})

function tryParse(text: string): LedgerEntry | null {
  try {
    return JSON.parse(text) as LedgerEntry
  } catch {
    return null
  }
}
