import type { ReceiptInput } from '../../src/domain/receipt.ts'
import { aGoodLeverance } from './make-leverance.ts'

/** A receipt with something of everything. */
export function aReceiptInput(change: Partial<ReceiptInput> = {}): ReceiptInput {
  return {
    fileName: '101_fuld_000042.csv',
    sha256: 'a'.repeat(64),
    supplierId: 'nordsys',
    supplierNavn: 'Nordsys',
    header: aGoodLeverance().header,
    verdict: 'delvist',
    counts: { read: 5, accepted: 2, rejected: 1, unchanged: 1, held: 1 },
    findings: [
      {
        code: 'LOK-22c',
        level: 'record',
        line: 7,
        column: 31,
        kind: 'anvisningsenhed',
        key: 'lokal:E1',
        field: 'husNummer',
        value: '=cmd|calc',
        facts: { expected: '1-999 og højst ét bogstav', expectedEn: '1-999 and at most one letter' },
      },
    ],
    findingCounts: { 'LOK-22c': 3 },
    issued: [{ lokalId: 'D1', nummer: 'G80001', kind: 'daginstitution' }],
    changes: { opret: 1, opdater: 1, flyt: 0, nedlaeg: 0, genaabn: 0 },
    held: [{ slice: '101/nedlaeg', count: 1, cause: { da: 'for mange', en: 'too many' } }],
    next: { da: 'Send rettelsen i morgen.', en: 'Send the correction tomorrow.' },
    ruleSet: '1.0+0',
    nightDate: '2026-11-24',
    receivedAt: '2026-11-24T01:00:00.000Z',
    ...change,
  }
}
