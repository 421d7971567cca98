import { z } from 'zod'
import { deltaOperations } from '../../src/domain/delta.ts'
import { driftKinds } from '../../src/domain/drift.ts'
import { deltaStates, fileStates } from '../../src/domain/flow.ts'
import { linkRelations } from '../../src/domain/lineage.ts'
import { qualityCheckNames } from '../../src/domain/quality.ts'
import { CheckedBaseline } from './deliveries.ts'
import {
  Cutoff,
  count,
  date,
  instant,
  isoTime,
  kommuneKode,
  Link,
  Origin,
  ofEachKind,
  sha256,
  text,
  unitFields,
  unitKind,
  unitStatus,
} from './parts.ts'

const NamedUnit = z.strictObject({ nummer: z.string(), navn: z.string(), status: unitStatus })

const Version = z.strictObject({
  nummer: z.string(),
  art: unitKind,
  overordnet: z.string().nullable(),
  status: unitStatus,
  admKommuneKode: z.string(),
  ejerformKode: z.string(),
  felter: unitFields,
  gyldigFra: isoTime,
  gyldigTil: isoTime.nullable(),
  registreretFra: isoTime,
  registreretTil: isoTime.nullable(),
  linje: count.nullable(),
  plan: z.string().nullable(),
  kilde: Origin,
})

/** `register show`. */
export const UnitDocument = z.strictObject({
  format: z.literal('dagtilbud-enhed-1'),
  enhed: Version,
  over: NamedUnit.nullable(),
  under: z.array(NamedUnit),
  slaegtskab: z.array(Link),
  aftale: z
    .strictObject({ nummer: z.string(), state: z.enum(['godkendt', 'bortfaldet']), approvedAt: instant, changedAt: instant })
    .nullable(),
  /** Every version; only with `--history`. */
  historik: z.array(Version),
})

/** `register load`. */
export const BaselineDocument = z.strictObject({
  format: z.literal('dagtilbud-grunddata-1'),
  proeve: z.boolean(),
  indlaest: ofEachKind(count),
  kommuner: count,
  /** The file in the file store; null when nothing was loaded. */
  sha256: sha256.nullable(),
  tjek: CheckedBaseline,
})

/** `register link`. */
export const LinkDocument = z.strictObject({
  format: z.literal('dagtilbud-slaegtskab-1'),
  fra: z.string(),
  til: z.string(),
  relation: z.enum(linkRelations),
  /** False when it was noted already. */
  ny: z.boolean(),
})

const UniloginRow = z.strictObject({
  instnr: z.string(),
  instnavn: z.string(),
  adresse: z.string(),
  postnr: z.string(),
  kommunenr: z.string().nullable(),
})

/** `explain`. */
export const ExplanationDocument = z.strictObject({
  format: z.literal('dagtilbud-forklaring-1'),
  nummer: z.string(),
  kind: unitKind,
  navn: z.string(),
  values: z.array(z.strictObject({ felt: z.string(), vaerdi: z.string(), siden: instant, source: count })),
  sources: z.array(
    z.strictObject({
      validFrom: instant,
      recordedFrom: instant,
      origin: Origin,
      fileId: z.string().nullable(),
      line: count.nullable(),
      planHash: z.string().nullable(),
      appliedAt: instant.nullable(),
      deltas: z.array(
        z.strictObject({
          deltaId: z.string(),
          operation: z.enum(deltaOperations),
          state: z.enum(deltaStates),
          sourceDateTime: z.string().nullable(),
          replyCode: z.string().nullable(),
          sentAt: instant.nullable(),
          acknowledgedAt: instant.nullable(),
          confirmedAt: instant.nullable(),
          cutoff: z.strictObject({ navn: z.string(), at: instant }).nullable(),
          met: z.boolean().nullable(),
          attempts: z.array(z.strictObject({ sentAt: instant, outcome: z.string(), code: z.string().nullable() })),
        }),
      ),
    }),
  ),
  links: z.array(Link),
  /** How the number stood in Unilogin when it was last looked at; null when it never was. */
  drift: z
    .strictObject({
      nummer: z.string(),
      kommuneKode: z.string(),
      lookedAt: instant,
      kind: z.enum(driftKinds).nullable(),
      fields: z.array(z.string()),
      sinceAt: instant.nullable(),
      held: UniloginRow.nullable(),
    })
    .nullable(),
})

/** `quality`. */
export const QualityDocument = z.strictObject({
  format: z.literal('dagtilbud-kvalitet-1'),
  kommuner: z.array(
    z.strictObject({
      kommuneKode,
      navn: z.string(),
      lavet: isoTime,
      enheder: count,
      filer: z.array(
        z.strictObject({ fileId: z.string(), supplierId: z.string(), name: z.string(), date, state: z.enum(fileStates) }),
      ),
      grunddata: z.strictObject({ enheder: count, bekraeftet: count }),
      naesteFrist: Cutoff.nullable(),
      linjer: z.array(
        z.strictObject({
          emne: z.enum(qualityCheckNames),
          hvem: z.enum(['kommune', 'leverandør', 'os']),
          nummer: z.string().nullable(),
          tekst: text,
          goer: text,
          /** Units that a row of Unilogin's could be. */
          forslag: z
            .array(z.strictObject({ nummer: z.string(), navn: z.string(), score: count.max(100), grunde: z.array(text) }))
            .optional(),
        }),
      ),
    }),
  ),
  /** Rows of Unilogin's list that belong to no municipality we can tell. */
  udenKommune: z.array(UniloginRow),
})
