import type { CutoffOverview } from '../domain/cutoff-overview.ts'
import { type Forecast, toThousandths } from '../domain/forecast.ts'
import type { Score } from '../domain/forecast-score.ts'
import type { Cutoff } from '../domain/next-cutoff.ts'
import { toIso } from '../domain/time.ts'

/** What `dagtilbud cutoffs --json` prints. Schema: config/schemas/cutoffs-1.schema.json. */
export function toCutoffsDocument({ madeAt, outage, coming, alerts, passed, score }: CutoffOverview) {
  return {
    format: 'dagtilbud-cutoffs-1' as const,
    lavet: toIso(madeAt),
    nede:
      outage === null ? null : { siden: toIso(outage.sinceAt), svar: outage.reason, naesteForsoeg: toIso(outage.nextProbeAt) },
    kommende: coming.map(({ forecast, ...cutoff }) => ({
      ...toCutoff(cutoff),
      prognose: forecast === null ? null : toForecast(forecast),
    })),
    advarsler: alerts.map(({ cutoff, cause, who, subject, what, latestAt, atOnce }) => ({
      cutoff: toCutoff(cutoff),
      aarsag: cause,
      hvem: who,
      emne: subject,
      tekst: what,
      senest: toIso(latestAt),
      straks: atOnce,
    })),
    passerede: passed.map(({ total, inTime, missed, apart, missingFiles, met, firstForecast, ...cutoff }) => ({
      ...toCutoff(cutoff),
      ialt: total,
      iTide: inTime,
      misset: missed,
      udenfor: apart,
      manglendeFiler: missingFiles,
      naaet: met,
      foerstePrognose:
        firstForecast === null ? null : { lavet: toIso(firstForecast.madeAt), sandsynlighed: firstForecast.probability },
    })),
    traefsikkerhed: score === null ? null : toScore(score),
  }
}

function toCutoff({ navn, at }: Cutoff) {
  return { navn, tidspunkt: toIso(at) }
}

function toForecast({ total, acknowledged, expected, probability, suppliers, risk, latestStartAt }: Forecast) {
  return {
    ialt: toThousandths(total),
    kvitteret: acknowledged,
    ventes: toThousandths(expected),
    sandsynlighed: toThousandths(probability),
    leverandoerer: suppliers.map((row) => ({
      leverandoer: row.supplierId,
      ialt: toThousandths(row.total),
      ventes: toThousandths(row.expected),
      sandsynlighed: toThousandths(row.probability),
    })),
    risiko:
      risk === null ? null : { aarsag: risk.cause, leverandoer: risk.supplierId, sandsynlighed: toThousandths(risk.probability) },
    senestStart: latestStartAt === null ? null : toIso(latestStartAt),
  }
}

function toScore({ forecasts, brier, baseBrier, baseRate, calibration }: Score) {
  return {
    prognoser: forecasts,
    brier: toThousandths(brier),
    brierGrundlag: toThousandths(baseBrier),
    andelNaaet: toThousandths(baseRate),
    kalibrering: calibration.map(({ from, to, weight, said, came }) => ({
      fra: from,
      til: to,
      vaegt: toThousandths(weight),
      sagt: toThousandths(said),
      skete: toThousandths(came),
    })),
  }
}
