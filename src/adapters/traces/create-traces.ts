import { type Context, DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { programVersion } from '../../../config/package-root.ts'
import { sha256Hex } from '../../domain/ids.ts'
import type { JobWatcher } from '../../ports/job-watcher.ts'
import type { Log } from '../../ports/log.ts'

/** OTLP over HTTP to the endpoint, or to where the OTEL_ variables say; these say the rest: headers, time-outs, compression. */
export function otlpExporter(endpoint: string | undefined): SpanExporter {
  return new OTLPTraceExporter(endpoint === undefined ? {} : { url: endpoint })
}

/**
 * One trace for each file, from the look that fetched it to the acknowledgement of its last change and its receipt. A
 * trace's id is made from the file's, so no job has to carry it: it outlives Redis, restarts and the batches that files
 * share, and who knows the file finds the trace. A span is written when its step has ended. Ids and codes only.
 */
export function createTraces(exporter: SpanExporter, log: Log): JobWatcher & { close(): Promise<void> } {
  const ids = createIds()
  diag.setLogger(toDiagLogger(log), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'dagtilbud-sync', 'service.version': programVersion }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  const tracer = provider.getTracer('dagtilbud-sync', programVersion)
  return {
    jobEnded: ({ job, jobId, attempt, startedAt, endedAt, result, outcome, about }) => {
      for (const { fileId, deltaId, call } of about) {
        const root = rootOf(fileId)
        // The look that fetched a file is where its trace begins.
        const isRoot = job === 'pull'
        ids.next(isRoot ? root : null)
        const options = {
          kind: call === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT,
          startTime: call?.from ?? startedAt,
          attributes: {
            'dagtilbud.file.id': fileId,
            ...(deltaId === undefined ? {} : { 'dagtilbud.delta.id': deltaId }),
            'dagtilbud.job.id': jobId,
            'dagtilbud.attempt': attempt,
            'dagtilbud.outcome': call?.outcome ?? outcome,
          },
        }
        const span = tracer.startSpan(call?.job ?? job, options, isRoot ? ROOT_CONTEXT : below(root))
        if (result !== 'done') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
        span.end(call?.until ?? endedAt)
      }
    },
    close: async () => {
      await provider.shutdown()
      diag.disable()
    },
  }
}

interface Root {
  readonly traceId: string
  readonly spanId: string
}

/** The trace of a file and the span that it begins with. */
function rootOf(fileId: string): Root {
  const hash = sha256Hex(`trace ${fileId}`)
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) }
}

function below(root: Root): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { ...root, traceFlags: TraceFlags.SAMPLED, isRemote: true })
}

/** Random ids, but for a span whose ids are said beforehand. */
function createIds(): IdGenerator & { next(root: Root | null): void } {
  const random = new RandomIdGenerator()
  let said: Root | null = null
  return {
    next: (root) => {
      said = root
    },
    generateTraceId: () => said?.traceId ?? random.generateTraceId(),
    generateSpanId: () => said?.spanId ?? random.generateSpanId(),
  }
}

/** What OpenTelemetry has to say, such as that its collector does not answer. */
function toDiagLogger(log: Log) {
  const warn = (message: string) => log.warn({ said: message }, 'traces')
  const nothing = () => undefined
  return { error: warn, warn, info: nothing, debug: nothing, verbose: nothing }
}
