import type { Leverance } from '../../domain/delivery-file.ts'

/** A record of a delivery. */
export type DeliveryRecord = Leverance['records'][number]

/** A way to spoil a row of an anvisningsenhed, and what the validation should say of it. */
export interface RowDefect {
  readonly name: string
  /** Code of the finding that drops the row. */
  readonly finding: string
  readonly spoil: (record: DeliveryRecord) => DeliveryRecord
}

/** Rows that must be dropped: the unit stays in the register as it was, and it does not count as missing. */
export const rowDefects: readonly RowDefect[] = [
  {
    name: 'CVR number fails modulus 11',
    finding: 'LOK-01',
    spoil: (record) => withFields(record, { cvrNummer: breakCheckDigit(record.fields.cvrNummer ?? '90000004') }),
  },
  {
    name: 'unknown InstType3',
    finding: 'DTR-02a',
    spoil: (record) => withFields(record, { instType3: '6099' }),
  },
  {
    name: 'name longer than 132 characters',
    finding: 'DTR-01b',
    spoil: (record) => withFields(record, { navn: `${record.fields.navn} `.repeat(60).slice(0, 140).trimEnd().padEnd(140, 'x') }),
  },
  {
    name: 'P-number missing',
    finding: 'DTR-01a',
    spoil: (record) => {
      const { pNummer: _dropped, ...fields } = record.fields
      return { ...record, fields }
    },
  },
  {
    name: 'parent that nobody knows',
    finding: 'DTR-07',
    spoil: (record) => ({ ...record, parent: { nummer: null, lokalId: 'findes-ikke' } }),
  },
]

function withFields(record: DeliveryRecord, fields: DeliveryRecord['fields']): DeliveryRecord {
  return { ...record, fields: { ...record.fields, ...fields } }
}

function breakCheckDigit(cvrNummer: string): string {
  return `${cvrNummer.slice(0, 7)}${(Number(cvrNummer.slice(7)) + 1) % 10}`
}
