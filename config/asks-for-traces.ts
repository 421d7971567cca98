/** Whether OpenTelemetry's own variables ask for traces: they name a collector, and switch nothing off. */
export function asksForTraces(env: NodeJS.ProcessEnv): boolean {
  const isOff = env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none'
  return !isOff && Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'])
}
