/** One metric as Prometheus sees it; docs/metrics.md says the same, and a test compares both. */
export interface Metric {
  readonly type: 'gauge' | 'counter' | 'histogram'
  /** Labels with values of small fixed sets: steps, states, and what the settings name. Never a number or a file name. */
  readonly labels: readonly string[]
  readonly help: string
  /** Upper bounds of a histogram. */
  readonly buckets?: readonly number[]
}

/** From a step on the register to a slow endpoint, in seconds. */
const jobBuckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800] as const
const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const

const gauge = <const L extends readonly string[]>(help: string, ...labels: L) => ({ type: 'gauge', labels, help }) as const

/**
 * Every metric of ours. Moments are Unix times in seconds, as Prometheus asks for: an age is `time()` less the moment. What
 * has not happened yet has no sample.
 */
export const metricTable = {
  dagtilbud_info: gauge('1; the version of the program', 'version'),

  dagtilbud_night_open: gauge('Nights that are open'),
  dagtilbud_night_opened_timestamp_seconds: gauge('When the latest night was opened'),
  dagtilbud_night_closed_timestamp_seconds: gauge('When the latest night was closed; none while it is open'),
  dagtilbud_night_files: gauge('Files of the latest night', 'state'),
  dagtilbud_night_rows: gauge('Rows of the latest night’s files', 'result'),
  dagtilbud_night_deltas: gauge('Changes that the latest night’s files made', 'state'),
  dagtilbud_night_suppliers: gauge('Suppliers in the latest night', 'state'),

  dagtilbud_supplier_last_arrival_timestamp_seconds: gauge(
    'When a file of the supplier was last seen for the first time',
    'supplier',
  ),
  dagtilbud_supplier_missing_files: gauge('Files the supplier owes in the latest night', 'supplier'),
  dagtilbud_supplier_unreadable: gauge('1 when the last look at the supplier’s server failed', 'supplier'),

  dagtilbud_cutoff_remaining_seconds: gauge('Time until the cutoff passes next', 'cutoff'),
  dagtilbud_cutoff_deltas: gauge('Changes due when the cutoff passes next', 'cutoff', 'state'),
  dagtilbud_cutoff_probability: gauge('The newest forecast: the chance that all make it, 0 to 1', 'cutoff'),
  dagtilbud_cutoff_missed_deltas: gauge('Changes that missed the cutoff when it last passed', 'cutoff'),

  dagtilbud_unfinished_deltas: gauge('Changes of any night that are not at Unilogin', 'state'),
  dagtilbud_holds_open: gauge('Holds that wait for a person'),
  dagtilbud_receipts_waiting: gauge('Receipts that are not at the supplier yet'),
  dagtilbud_failures_open: gauge('Failed jobs that wait for a person', 'step'),

  dagtilbud_alerts_open: gauge('Alerts that were told and are not over', 'kind'),
  dagtilbud_channel_up: gauge('1 when the channel’s last message was sent', 'channel'),

  dagtilbud_upkeep_timestamp_seconds: gauge('When the task was last run', 'task'),
  dagtilbud_upkeep_ok: gauge('1 when its last run found no fault', 'task'),
  dagtilbud_register_units: gauge('Units of the register', 'kind', 'status'),
  dagtilbud_register_bytes: gauge('Size of the register’s database file'),
  dagtilbud_ledger_entries: gauge('Entries of the ledger'),
  dagtilbud_ledger_anchor_timestamp_seconds: gauge('When ledger.head last got a line'),

  dagtilbud_redis_up: gauge('1 when Redis answers'),
  dagtilbud_queue_jobs: gauge('Jobs in the queue; none of this while Redis does not answer', 'queue', 'state'),

  dagtilbud_jobs_total: { type: 'counter', labels: ['step', 'result'], help: 'Tries of jobs that ended in this process' },
  dagtilbud_job_seconds: {
    type: 'histogram',
    labels: ['step'],
    help: 'How long tries of jobs took in this process',
    buckets: jobBuckets,
  },
  dagtilbud_target_call_seconds: {
    type: 'histogram',
    labels: ['target', 'operation', 'result'],
    help: 'How long calls of the target took in this process',
    buckets: callBuckets,
  },
  dagtilbud_target_up: gauge('1 when the target answered the last call of this process', 'target'),
} as const satisfies Readonly<Record<string, Metric>>

export type MetricName = keyof typeof metricTable

/** The labels that a metric’s samples carry. */
export type LabelsOf<N extends MetricName> = Readonly<Record<(typeof metricTable)[N]['labels'][number], string>>

/** One value of one gauge. */
export type Sample = { [N in MetricName]: { readonly name: N; readonly labels: LabelsOf<N>; readonly value: number } }[MetricName]
