import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { groupBy } from '../../domain/lists.ts'
import { type Metric, type MetricName, metricTable, type Sample } from '../../domain/metric-table.ts'
import type { Metrics } from '../../ports/metrics.ts'

/** The metrics of the table and those of the process (`process_…`, `nodejs_…`), with prom-client. */
export function createMetrics(): Metrics {
  const counted = new Registry()
  collectDefaultMetrics({ register: counted })
  const registers = [counted]
  const jobs = new Counter({ ...optionsOf('dagtilbud_jobs_total'), registers })
  const jobSeconds = new Histogram({ ...optionsOf('dagtilbud_job_seconds'), registers })
  const callSeconds = new Histogram({ ...optionsOf('dagtilbud_target_call_seconds'), registers })
  const up = new Gauge({ ...optionsOf('dagtilbud_target_up'), registers })

  return {
    jobEnded: ({ job, result, startedAt, endedAt }) => {
      jobs.inc({ step: job, result })
      jobSeconds.observe({ step: job }, (endedAt - startedAt) / 1000)
    },
    callEnded: ({ target, operation, result, ms }) => {
      callSeconds.observe({ target, operation, result }, ms / 1000)
      up.set({ target }, result === 'answered' ? 1 : 0)
    },
    show: async (samples) => ({
      contentType: counted.contentType,
      text: (await Promise.all([counted.metrics(), toRegistry(samples).metrics()])).join('\n'),
    }),
  }
}

/** A registry of this moment alone: what has no sample any more is not shown, and two who ask at once do not meet. */
function toRegistry(samples: readonly Sample[]): Registry {
  const registry = new Registry()
  for (const [name, own] of groupBy(samples, (sample) => sample.name)) {
    const gauge = new Gauge({ ...optionsOf(name), registers: [registry] })
    for (const { labels, value } of own) gauge.set(labels, value)
  }
  return registry
}

function optionsOf(name: MetricName) {
  const { help, labels, buckets }: Metric = metricTable[name]
  return { name, help, labelNames: [...labels], ...(buckets === undefined ? {} : { buckets: [...buckets] }) }
}
