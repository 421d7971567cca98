import { z } from 'zod'
import { changeOperations, guardSlices, holdCauses } from '../../src/domain/change-plan.ts'
import { leveranceKinds } from '../../src/domain/delivery-file.ts'
import { findingLevels } from '../../src/domain/finding.ts'
import { holdStates } from '../../src/domain/flow.ts'
import { linkEvidences, linkRelations } from '../../src/domain/lineage.ts'
import { fieldNames, unitKinds } from '../../src/domain/unit.ts'

/*
 * What the documents share. Instants are milliseconds since 1970, UTC, where a document shows what the register holds, and
 * ISO 8601 where it is written for others to read.
 */

export const count = z.number().int().min(0)
export const share = z.number().min(0).max(1)
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const date = z.iso.date()
export const isoTime = z.iso.datetime()
export const instant = z.number().int().describe('Milliseconds since 1970, UTC')
export const kommuneKode = z.string().regex(/^\d{3}$/)
export const unitKind = z.enum(unitKinds)
export const unitStatus = z.enum(['aktiv', 'nedlagt'])
export const nummer = z.string().regex(/^[A-Z][0-9]{5}$/)
/** A count, or more, of each kind of unit. */
export function ofEachKind<T extends z.ZodType>(one: T) {
  return z.strictObject({ daginstitution: one, anvisningsenhed: one, alternativAdresse: one })
}
/** A text in both languages. */
export const text = z.strictObject({ da: z.string(), en: z.string() })
export const unitFields = z.strictObject(Object.fromEntries(fieldNames.map((name) => [name, z.string().optional()])))

export const Cutoff = z.strictObject({ navn: z.string(), tidspunkt: isoTime })

/** What a delivery says of itself. */
export const Header = z.strictObject({
  format: z.enum(['leverance-xml', 'eksport-csv']),
  leverandoer: z.string().nullable(),
  kommuneKode,
  art: z.enum(leveranceKinds),
  loebenummer: count,
  dannet: z.string().nullable(),
  antal: count.nullable(),
  niveauer: z.array(unitKind),
  gyldigFra: date.nullable(),
  udenFelter: z.array(z.enum(fieldNames)).optional(),
})

/** A finding as the register keeps it; its texts stand in docs/findings.md by code. */
export const KeptFinding = z.strictObject({
  code: z.string(),
  level: z.enum(findingLevels),
  line: z.number().int().min(1).nullable(),
  column: z.number().int().min(1).nullable(),
  kind: unitKind.nullable(),
  key: z.string().nullable(),
  field: z.string().nullable(),
  value: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** Changes of one kind, measured against the guard. */
export const Slice = z.strictObject({
  slice: z.enum(guardSlices),
  count,
  of: count,
  allowed: count.nullable(),
  verdict: z.enum(['pass', 'held']),
  cause: z.enum(holdCauses).nullable(),
  sliceHash: z.string(),
})

export const Hold = z.strictObject({
  ...Slice.shape,
  holdId: z.string(),
  fileId: z.string(),
  supplierId: z.string(),
  kommuneKode,
  planHash: z.string(),
  date,
  openedAt: instant,
  state: z.enum(holdStates),
  firstBy: z.string().nullable(),
  firstReason: z.string().nullable(),
  firstAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
  decidedAt: instant.nullable(),
})

/** A change with each value before and after. */
export const DescribedChange = z.strictObject({
  operation: z.enum(changeOperations),
  kind: unitKind,
  nummer: z.string().nullable(),
  lokalId: z.string().nullable(),
  navn: z.string().nullable(),
  values: z.array(
    z.strictObject({
      field: z.enum([...fieldNames, 'overordnet']),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
  line: z.number().int().min(1).nullable(),
})

/** How one unit follows from another. */
export const Link = z.strictObject({
  fromNummer: z.string(),
  toNummer: z.string(),
  relation: z.enum(linkRelations),
  evidence: z.enum(linkEvidences),
  recordedAt: instant,
  actor: z.string(),
  fileId: z.string().nullable(),
  planHash: z.string().nullable(),
  reason: z.string().nullable(),
})

/** Where a state of a unit is from. */
export const Origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grunddata'), source: z.string(), name: z.string(), asOf: z.string(), by: z.string() }),
  z.strictObject({
    kind: z.literal('leverance'),
    supplierId: z.string(),
    name: z.string(),
    date,
    sha256,
    ruleSet: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('andet'), actor: z.string() }),
])
