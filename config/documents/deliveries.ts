import { z } from 'zod'
import { evidenceLevels } from '../../src/domain/code-tables.ts'
import { deltaOperations } from '../../src/domain/delta.ts'
import { findingLevels } from '../../src/domain/finding.ts'
import { receiptVerdicts } from '../../src/domain/receipt.ts'
import { Cutoff, count, date, Header, isoTime, nummer, sha256, text, unitKind } from './parts.ts'

const Finding = z.strictObject({
  kode: z.string(),
  niveau: z.enum(findingLevels),
  linje: z.number().int().min(1).nullable(),
  kolonne: z.number().int().min(1).nullable(),
  art: unitKind.nullable(),
  noegle: z.string().nullable(),
  felt: z.string().nullable(),
  vaerdi: z.string().max(200).nullable(),
  tekst: text,
  ret: text,
  evidens: z.enum(evidenceLevels).nullable(),
  kilde: z.string().nullable(),
})

/** `<file>.kvittering.json` */
export const ReceiptDocument = z.strictObject({
  format: z.literal('dagtilbud-kvittering-1'),
  fil: z.strictObject({ navn: z.string(), sha256, modtaget: isoTime, nat: date }),
  leverandoer: z.strictObject({ id: z.string(), navn: z.string() }),
  hoved: Header.nullable(),
  udfald: z.strictObject({ kode: z.enum(receiptVerdicts), da: z.string(), en: z.string() }),
  /** laest = accepteret + afvist + uaendret + tilbageholdt */
  antal: z.strictObject({ laest: count, accepteret: count, afvist: count, uaendret: count, tilbageholdt: count }),
  aendringer: z.strictObject({ opret: count, opdater: count, flyt: count, nedlaeg: count, genaabn: count }),
  udstedteNumre: z.array(z.strictObject({ lokalId: z.string(), nummer, art: unitKind })),
  tilbageholdt: z.array(z.strictObject({ del: z.string(), antal: count, aarsag: text })),
  fund: z.array(Finding),
  /** Exact number of findings by code, listed or not. */
  fundAntal: z.record(z.string(), count),
  fundVist: count,
  naeste: text,
  regelsaet: z.string(),
})

/** `<file>.leveret.json` */
export const DeliveredDocument = z.strictObject({
  format: z.literal('dagtilbud-leveret-1'),
  fil: z.strictObject({ navn: z.string(), sha256 }),
  leverandoer: z.strictObject({ id: z.string() }),
  antal: z.strictObject({ numre: count, bekraeftet: count, afvist: count }),
  /** The first cutoff that a change of the file missed; when none did, the one they were due at. */
  cutoff: z.strictObject({ navn: z.string(), tidspunkt: isoTime, naaet: z.boolean() }).nullable(),
  numre: z.array(
    z.strictObject({
      nummer,
      operation: z.enum(deltaOperations),
      bekraeftet: isoTime.nullable(),
      afvistMed: z.string().nullable(),
      cutoffMisset: Cutoff.nullable(),
    }),
  ),
})

const CheckedFile = z.strictObject({
  fil: z.string(),
  udfald: z.enum(['godkendt', 'delvist', 'afvist']),
  laestSom: z.array(text),
  hoved: Header.nullable(),
  antal: z.strictObject({ laest: count, accepteret: count, afvist: count }),
  fund: z.array(Finding),
  fundAntal: z.record(z.string(), count),
  regelsaet: z.string(),
})

/** What `dagtilbud validate --json` prints. */
export const CheckDocument = z.strictObject({ format: z.literal('dagtilbud-tjek-1'), filer: z.array(CheckedFile) })

/** The check of a baseline, which is of the whole country. */
export const CheckedBaseline = CheckDocument.extend({
  filer: z.array(CheckedFile.extend({ hoved: Header.extend({ kommuneKode: z.string().regex(/^alle$/) }).nullable() })),
})
