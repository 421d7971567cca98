import { z } from 'zod'
import { alertCauses } from '../../src/domain/cutoff-alerts.ts'
import { riskCauses } from '../../src/domain/forecast.ts'
import { Cutoff, count, isoTime, share, text } from './parts.ts'

/** What `dagtilbud cutoffs --json` prints. */
export const CutoffsDocument = z.strictObject({
  format: z.literal('dagtilbud-cutoffs-1'),
  lavet: isoTime,
  /** While Unilogin is down. */
  nede: z.strictObject({ siden: isoTime, svar: z.string(), naesteForsoeg: isoTime }).nullable(),
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
          senestStart: isoTime.nullable(),
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
      senest: isoTime,
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
      foerstePrognose: z.strictObject({ lavet: isoTime, sandsynlighed: share }).nullable(),
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
