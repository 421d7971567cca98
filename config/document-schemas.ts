import { z } from 'zod'
import { alertKinds, noticeKinds } from '../src/domain/alert.ts'
import { evidenceLevels } from '../src/domain/code-tables.ts'
import { alertCauses } from '../src/domain/cutoff-alerts.ts'
import { leveranceKinds } from '../src/domain/delivery-file.ts'
import { deltaOperations } from '../src/domain/delta.ts'
import { findingLevels } from '../src/domain/finding.ts'
import { riskCauses } from '../src/domain/forecast.ts'
import { receiptVerdicts } from '../src/domain/receipt.ts'
import { fieldNames, unitKinds } from '../src/domain/unit.ts'

/*
 * The shapes of the JSON documents we hand out. The JSON schemas in config/schemas are made from these; a test holds both
 * the schemas and the documents against them.
 */

const count = z.number().int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const unitKind = z.enum(unitKinds)
const nummer = z.string().regex(/^[A-Z][0-9]{5}$/)
const text = z.strictObject({ da: z.string(), en: z.string() })

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

const Header = z.strictObject({
  format: z.enum(['leverance-xml', 'eksport-csv']),
  leverandoer: z.string().nullable(),
  kommuneKode: z.string().regex(/^\d{3}$/),
  art: z.enum(leveranceKinds),
  loebenummer: count,
  dannet: z.string().nullable(),
  antal: count.nullable(),
  niveauer: z.array(unitKind),
  gyldigFra: z.iso.date().nullable(),
  udenFelter: z.array(z.enum(fieldNames)).optional(),
})

/** `<file>.kvittering.json` */
export const ReceiptDocument = z.strictObject({
  format: z.literal('dagtilbud-kvittering-1'),
  fil: z.strictObject({ navn: z.string(), sha256, modtaget: z.iso.datetime(), nat: z.iso.date() }),
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

const Cutoff = z.strictObject({ navn: z.string(), tidspunkt: z.iso.datetime() })

/** `<file>.leveret.json` */
export const DeliveredDocument = z.strictObject({
  format: z.literal('dagtilbud-leveret-1'),
  fil: z.strictObject({ navn: z.string(), sha256 }),
  leverandoer: z.strictObject({ id: z.string() }),
  antal: z.strictObject({ numre: count, bekraeftet: count, afvist: count }),
  /** The first cutoff that a change of the file missed; when none did, the one they were due at. */
  cutoff: z.strictObject({ navn: z.string(), tidspunkt: z.iso.datetime(), naaet: z.boolean() }).nullable(),
  numre: z.array(
    z.strictObject({
      nummer,
      operation: z.enum(deltaOperations),
      bekraeftet: z.iso.datetime().nullable(),
      afvistMed: z.string().nullable(),
      cutoffMisset: Cutoff.nullable(),
    }),
  ),
})

/** What `dagtilbud validate --json` prints. */
export const CheckDocument = z.strictObject({
  format: z.literal('dagtilbud-tjek-1'),
  filer: z.array(
    z.strictObject({
      fil: z.string(),
      udfald: z.enum(['godkendt', 'delvist', 'afvist']),
      laestSom: z.array(text),
      hoved: Header.nullable(),
      antal: z.strictObject({ laest: count, accepteret: count, afvist: count }),
      fund: z.array(Finding),
      fundAntal: z.record(z.string(), count),
      regelsaet: z.string(),
    }),
  ),
})

const cursor = z.string().regex(/^(0|\d+\.[0-9a-f]{12})$/)
const registerId = z.string().regex(/^[0-9a-f]{16}$/)
const Enhed = z.strictObject({
  nummer,
  art: unitKind,
  overordnet: nummer.nullable(),
  status: z.enum(['aktiv', 'nedlagt']),
  /** Of the daginstitution above, or itself. */
  admKommuneKode: z.string(),
  ejerformKode: z.string(),
  gyldigFra: z.iso.datetime(),
  felter: z.strictObject(Object.fromEntries(fieldNames.map((name) => [name, z.string().optional()]))),
})

/** A full export as JSON. */
export const EksportDocument = z.strictObject({
  format: z.literal('dagtilbud-eksport-1'),
  register: registerId,
  /** Where the changes after it begin. */
  naeste: cursor,
  kommune: z.string().nullable(),
  niveau: unitKind.nullable(),
  gaelder: z.iso.datetime().nullable(),
  kendt: z.iso.datetime().nullable(),
  enheder: z.array(Enhed),
})

/** A page of changes. */
export const AendringerDocument = z.strictObject({
  format: z.literal('dagtilbud-aendringer-1'),
  register: registerId,
  siden: z.string().regex(/^\d+(\.[0-9a-f]{12})?$/),
  naeste: z.string().regex(/^\d+(\.[0-9a-f]{12})?$/),
  /** False when the page ends where the register does. */
  flere: z.boolean(),
  aendringer: z.array(Enhed.extend({ position: z.number().int().min(1), registreret: z.iso.datetime() })),
})

const share = z.number().min(0).max(1)

/** What `dagtilbud cutoffs --json` prints. */
export const CutoffsDocument = z.strictObject({
  format: z.literal('dagtilbud-cutoffs-1'),
  lavet: z.iso.datetime(),
  /** While Unilogin is down. */
  nede: z.strictObject({ siden: z.iso.datetime(), svar: z.string(), naesteForsoeg: z.iso.datetime() }).nullable(),
  /** Of the next 14 days. */
  kommende: z.array(
    z.strictObject({
      ...Cutoff.shape,
      /** Null while nothing is due. */
      prognose: z
        .strictObject({
          ialt: z.number().min(0),
          kvitteret: count,
          ventes: z.number().min(0),
          sandsynlighed: share,
          leverandoerer: z.array(
            z.strictObject({
              leverandoer: z.string(),
              ialt: z.number().min(0),
              ventes: z.number().min(0),
              sandsynlighed: share,
            }),
          ),
          risiko: z
            .strictObject({ aarsag: z.enum(riskCauses), leverandoer: z.string().nullable(), sandsynlighed: share })
            .nullable(),
          senestStart: z.iso.datetime().nullable(),
        })
        .nullable(),
    }),
  ),
  advarsler: z.array(
    z.strictObject({
      cutoff: Cutoff,
      aarsag: z.enum(alertCauses),
      hvem: z.enum(['operator', 'leverandør']),
      emne: z.string(),
      tekst: text,
      senest: z.iso.datetime(),
      straks: z.boolean(),
    }),
  ),
  passerede: z.array(
    z.strictObject({
      ...Cutoff.shape,
      /** iTide + misset; udenfor is not counted. */
      ialt: count,
      iTide: count,
      misset: count,
      udenfor: count,
      manglendeFiler: count,
      naaet: z.boolean(),
      foerstePrognose: z.strictObject({ lavet: z.iso.datetime(), sandsynlighed: share }).nullable(),
    }),
  ),
  traefsikkerhed: z
    .strictObject({
      prognoser: count,
      brier: share,
      brierGrundlag: share,
      andelNaaet: share,
      kalibrering: z.array(z.strictObject({ fra: share, til: share, vaegt: z.number().min(0), sagt: share, skete: share })),
    })
    .nullable(),
})

/** What the webhook of the alerts gets. */
export const BeskedDocument = z.strictObject({
  format: z.literal('dagtilbud-besked-1'),
  /** The same when the message is sent again. */
  id: z.string(),
  art: z.enum(noticeKinds).exclude(['rapport']),
  lavet: z.iso.datetime(),
  /** Of a test. */
  dato: z.iso.date().nullable(),
  varsel: z
    .strictObject({
      /** The same in every message about this alert. */
      id: z.string(),
      aarsag: z.enum(alertKinds),
      emne: z.string(),
      hvem: z.enum(['operator', 'leverandør', 'kommune']),
      /** Null once it is not seen any more. */
      hvad: z.string().nullable(),
      begyndt: z.iso.datetime(),
      senest: z.iso.datetime().nullable(),
      paamindelser: count,
      slut: z.iso.datetime().nullable(),
    })
    .nullable(),
  link: z.string().nullable(),
})

/** The published JSON schemas, by file name in config/schemas. */
export function buildJsonSchemas(): Readonly<Record<string, string>> {
  const documents = {
    'kvittering-1.schema.json': ['Kvittering for en leverance', ReceiptDocument],
    'leveret-1.schema.json': ['Kvittering for levering til Unilogin', DeliveredDocument],
    'cutoffs-1.schema.json': ['Resultat af dagtilbud cutoffs --json', CutoffsDocument],
    'eksport-1.schema.json': ['Registret, skrevet ud', EksportDocument],
    'aendringer-1.schema.json': ['Ændringer i registret siden et sted', AendringerDocument],
    'besked-1.schema.json': ['Besked til driften', BeskedDocument],
    'tjek-1.schema.json': ['Resultat af dagtilbud validate --json', CheckDocument],
  } as const
  return Object.fromEntries(
    Object.entries(documents).map(([name, [title, schema]]) => [
      name,
      `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  )
}
