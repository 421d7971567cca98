import type { Sample } from '../domain/metric-table.ts'
import type { EndedJob } from './job-watcher.ts'

/** A call of the receiving side that has ended. */
export interface EndedCall {
  readonly target: 'unilogin'
  readonly operation: 'push' | 'readBack' | 'agreements' | 'hello'
  /** `answered`: it took it, refused it, or said what was asked; `failed`: no usable answer. */
  readonly result: 'answered' | 'failed'
  readonly ms: number
}

/** Counts what happens in this process, and shows it beside what the register says at that moment. */
export interface Metrics {
  jobEnded(job: EndedJob): void
  callEnded(call: EndedCall): void
  /** Everything in Prometheus' text format; gauges have these samples and no others. */
  show(samples: readonly Sample[]): Promise<{ readonly contentType: string; readonly text: string }>
}
