import type { NightOverview } from '../app/night-overview.ts'
import { toIso } from '../domain/time.ts'

/**
 * A running night as `dagtilbud night watch --json` tells it, one line per change. Chances are in whole percent, so that
 * the passing of time alone is a change only when it can be seen. Schema: config/schemas/nat-live-1.schema.json.
 */
export function toWatchDocument({ report, suppliers, ahead }: NightOverview) {
  const { date, state, complete, files, deltas, receipts, holds, failures, openWork } = report
  return {
    format: 'dagtilbud-nat-live-1' as const,
    nat: date,
    tilstand: state,
    alt: complete,
    leverandoerer: suppliers.map((row) => ({
      leverandoer: row.supplierId,
      tilstand: row.state,
      problem: row.problem,
      mangler: row.missing,
      filer: row.files,
    })),
    filer: files.byState,
    aendringer: deltas.byState,
    kvitteringer: { afleveret: receipts.delivered, venter: receipts.waiting },
    frister: ahead.map(({ navn, at, forecast: { total, acknowledged, expected, probability }, awaitedFiles }) => ({
      navn,
      tidspunkt: toIso(at),
      ialt: Math.round(total),
      kvitteret: Math.round(acknowledged),
      ventes: Math.round(expected),
      procent: Math.round(probability * 100),
      filerVentes: awaitedFiles,
    })),
    tilbageholdt: holds.filter((hold) => hold.state === 'open').map(({ holdId }) => holdId),
    fejl: failures.map(({ jobId, code }) => ({ job: jobId, kode: code })),
    venterPaa: openWork,
  }
}
