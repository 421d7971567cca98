import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { asksForTraces } from '../../config/asks-for-traces.ts'
import { createTraces, otlpExporter } from '../../src/adapters/traces/create-traces.ts'
import type { EndedJob } from '../../src/ports/job-watcher.ts'
import { aNight, silentLog } from '../kit/builders.ts'
import { keepSpans } from '../kit/keep-spans.ts'

const anEnd: EndedJob = {
  job: 'plan',
  jobId: 'plan.f-1',
  attempt: 1,
  startedAt: aNight,
  endedAt: aNight + 7,
  result: 'done',
  outcome: 'planned',
  about: [{ fileId: 'f-1' }],
}

describe('the trace of a file', () => {
  it('has the same ids wherever and whenever a step is run, and shows one that failed', async () => {
    const [first, second] = [keepSpans(), keepSpans()]
    const before = createTraces(first, silentLog)
    before.jobEnded({ ...anEnd, job: 'pull' })
    await before.close()
    const after = createTraces(second, silentLog)
    after.jobEnded({ ...anEnd, result: 'failed', outcome: 'STORE_BLOB_MISSING' })
    after.jobEnded({ ...anEnd, job: 'sweep', about: [] })
    await after.close()

    const [root] = first.spans
    const [failed, ...others] = second.spans
    expect(others).toEqual([])
    expect(failed?.parentSpanContext).toMatchObject({ spanId: root?.spanContext().spanId })
    expect(failed?.spanContext().traceId).toBe(root?.spanContext().traceId)
    expect(failed).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'STORE_BLOB_MISSING' },
      attributes: { 'dagtilbud.attempt': 1 },
    })
    expect([failed?.startTime, failed?.endTime]).toEqual(
      [aNight, aNight + 7].map((ms) => [Math.floor(ms / 1000), (ms % 1000) * 1e6]),
    )
  })

  it('reaches a collector over HTTP', async () => {
    const asked: string[] = []
    const collector = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
      request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'))
    })
    collector.listen(0, '127.0.0.1')
    await once(collector, 'listening')
    onTestFinished(() => void collector.closeAllConnections())
    onTestFinished(() => void collector.close())
    const traces = createTraces(
      otlpExporter(`http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`),
      silentLog,
    )

    traces.jobEnded(anEnd)
    await traces.close()

    expect(asked).toEqual(['POST /v1/traces application/json'])
  })
})

describe('traces', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_SDK_DISABLED: 'true' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318', OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('are asked for by %j: %s', (env, asked) => {
    expect(asksForTraces(env)).toBe(asked)
  })
})
