import { z } from 'zod'
import { actionKinds } from '../../src/domain/alert.ts'
import { guardSlices, holdCauses } from '../../src/domain/change-plan.ts'
import { alertCauses } from '../../src/domain/cutoff-alerts.ts'
import { deltaOperations } from '../../src/domain/delta.ts'
import { driftKinds } from '../../src/domain/drift.ts'
import { deltaStates, fileStates, holdStates, nightStates } from '../../src/domain/flow.ts'
import { riskCauses } from '../../src/domain/forecast.ts'
import { missedWhys } from '../../src/domain/missed-cutoff.ts'
import { Cutoff, count, date, instant, kommuneKode, ofEachKind, share, text } from './parts.ts'

const cutoffAt = { navn: z.string(), at: instant }
const openWork = z.strictObject({ suppliers: count, files: count, deltas: count, receipts: count })

const KeptForecast = z.strictObject({
  ...cutoffAt,
  madeAt: instant,
  total: z.number().min(0),
  acknowledged: count,
  expected: z.number().min(0),
  probability: share,
  riskCause: z.enum(riskCauses).nullable(),
  riskSupplierId: z.string().nullable(),
  riskProbability: share.nullable(),
  latestStartAt: instant.nullable(),
})

const Score = z.strictObject({
  forecasts: count,
  brier: share,
  baseBrier: share,
  baseRate: share,
  calibration: z.array(z.strictObject({ from: share, to: share, weight: z.number().min(0), said: share, came: share })),
})

const report = {
  date,
  state: z.enum(nightStates),
  trigger: z.enum(['schedule', 'catch-up', 'operator']),
  openedAt: instant,
  closedAt: instant.nullable(),
  starts: count,
  files: z.strictObject({
    received: count,
    repeated: count,
    delivered: count,
    rejected: count,
    held: count,
    deferred: count,
    underWay: count,
    byState: z.partialRecord(z.enum(fileStates), count),
  }),
  rows: z.strictObject({ read: count, accepted: count, rejected: count, unchanged: count }),
  causes: z.array(z.strictObject({ code: z.string(), count })),
  rejectedFiles: z.array(z.strictObject({ fileId: z.string(), supplierId: z.string(), name: z.string(), code: z.string() })),
  deferred: z.array(
    z.strictObject({ fileId: z.string(), supplierId: z.string(), name: z.string(), kommuneKode, gyldigFra: date }),
  ),
  register: ofEachKind(z.strictObject({ open: count, closed: count })),
  ledger: z.strictObject({ seq: count, hash: z.string() }).nullable(),
  deltas: z.strictObject({
    byOperation: z.partialRecord(z.enum(deltaOperations), count),
    byState: z.partialRecord(z.enum(deltaStates), count),
    acknowledged: count,
    confirmed: count,
    carriedOver: count,
  }),
  cutoffs: z.array(
    z.strictObject({ ...cutoffAt, deltas: count, acknowledgedInTime: count, acknowledgedLate: count, open: count }),
  ),
  misset: z.array(z.strictObject({ ...cutoffAt, why: z.enum(missedWhys), count, subjects: z.array(z.string()) })),
  forecasts: z.array(z.strictObject({ ...cutoffAt, first: KeptForecast, last: KeptForecast, met: z.boolean().nullable() })),
  outages: z.array(z.strictObject({ sinceAt: instant, reason: z.string(), nextProbeAt: instant, endedAt: instant.nullable() })),
  alerts: z.array(
    z.strictObject({
      cutoff: z.strictObject(cutoffAt),
      cause: z.enum(alertCauses),
      who: z.enum(['operator', 'leverandør']),
      subject: z.string(),
      what: text,
      latestAt: instant,
      atOnce: z.boolean(),
    }),
  ),
  score: Score.nullable(),
  agreements: z.strictObject({
    waiting: count,
    missing: z.array(z.strictObject({ kommuneKode: z.string(), numbers: z.array(z.string()), since: date })),
    checkedAt: instant.nullable(),
    suspect: z.boolean(),
  }),
  holds: z.array(
    z.strictObject({
      holdId: z.string(),
      kommuneKode,
      supplierId: z.string(),
      slice: z.enum(guardSlices),
      count,
      of: count,
      cause: z.enum(holdCauses).nullable(),
      state: z.enum(holdStates),
    }),
  ),
  late: z.array(z.strictObject({ supplierId: z.string(), problem: z.string().nullable(), missing: z.array(kommuneKode) })),
  receipts: z.strictObject({ delivered: count, waiting: count }),
  failures: z.array(z.strictObject({ jobId: z.string(), job: z.string(), code: z.string(), hint: z.string() })),
  drift: z
    .strictObject({
      lastRun: z.strictObject({
        date,
        at: instant,
        source: z.enum(['opslag', 'liste']),
        asOfAt: instant,
        looked: count,
        found: count,
        suspect: z.boolean(),
      }),
      numbers: count,
      covered: count,
      found: z.array(
        z.strictObject({
          kind: z.enum(driftKinds),
          who: z.enum(['kommune', 'os']),
          kommuneKode: z.string().nullable(),
          numbers: z.array(z.string()),
        }),
      ),
    })
    .nullable(),
  upkeep: z.array(
    z.strictObject({ task: z.enum(['check', 'backup']), at: instant.nullable(), ok: z.boolean(), isOld: z.boolean() }),
  ),
  openWork,
  complete: z.boolean(),
  actions: z.array(
    z.strictObject({
      kind: z.enum(actionKinds),
      cause: z.string(),
      who: z.enum(['operator', 'leverandør', 'kommune']),
      what: text,
      subject: z.string(),
    }),
  ),
}

/** The morning report: `night show`, `night run --wait`, and `GET /nights/<date>`. */
export const NightDocument = z.strictObject({ format: z.literal('dagtilbud-nat-1'), ...report })

/** `night run` without `--wait`. */
export const OrderedNightDocument = z.strictObject({ format: z.literal('dagtilbud-nat-bestilt-1'), nat: date })

/** A line of `night watch --json`. */
export const LiveNightDocument = z.strictObject({
  format: z.literal('dagtilbud-nat-live-1'),
  nat: date,
  tilstand: z.enum(nightStates),
  /** Everything accepted has arrived. */
  alt: z.boolean(),
  leverandoerer: z.array(
    z.strictObject({
      leverandoer: z.string(),
      tilstand: z.enum(['looking', 'complete', 'late']),
      problem: z.string().nullable(),
      mangler: z.array(kommuneKode),
      filer: count,
    }),
  ),
  filer: z.partialRecord(z.enum(fileStates), count),
  aendringer: z.partialRecord(z.enum(deltaStates), count),
  kvitteringer: z.strictObject({ afleveret: count, venter: count }),
  /** What is due ahead; only while the night is open. */
  frister: z.array(
    z.strictObject({
      ...Cutoff.shape,
      ialt: count,
      kvitteret: count,
      ventes: count,
      procent: count.max(100),
      filerVentes: count,
    }),
  ),
  tilbageholdt: z.array(z.string()),
  fejl: z.array(z.strictObject({ job: z.string(), kode: z.string() })),
  venterPaa: openWork,
})

/** `demo`. */
export const DemoDocument = z.strictObject({
  format: z.literal('dagtilbud-demo-1'),
  complete: z.boolean(),
  seconds: z.number().min(0),
  peakMemoryMb: z.strictObject({ worker: count, sandbox: count }),
  nights: z.array(z.strictObject({ report: z.strictObject(report), seconds: z.number().min(0), ledgerEntries: count })),
})
