import { z } from 'zod'
import { type Instant, isBetween, toClock } from '../../domain/time.ts'
import { seededDraw } from './seeded-draw.ts'

/**
 * What can go wrong. Before the delta is taken: `refused` cuts the connection, new ones before TLS; `reset` cuts it after the
 * request was read; `unavailable` is 503 with HTML; `receiverFault` is a fault in the shape of an integration platform;
 * `closed` says closing time; `throttled` says too many requests; `certificateRefused` says that our signature is no good. After it
 * was taken: `slow` answers after a while, `lostAfterCommit` never, `truncated` by half, `badSignature` under a signature that does not hold.
 */
export const weatherKinds = [
  'refused',
  'reset',
  'unavailable',
  'receiverFault',
  'closed',
  'throttled',
  'certificateRefused',
  'slow',
  'lostAfterCommit',
  'truncated',
  'badSignature',
] as const
export type WeatherKind = (typeof weatherKinds)[number]

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM')

/** One rule of bad weather; the first rule that fits and whose lot falls decides. */
export const WeatherRule = z.strictObject({
  kind: z.enum(weatherKinds),
  /** Copenhagen time of day by the sandbox's clock; a window may cross midnight. */
  from: wallTime.default('00:00'),
  /** Exclusive; equal to `from` means the whole day. */
  to: wallTime.default('00:00'),
  /** A SOAP operation, or * for all. */
  operation: z.string().min(1).default('*'),
  /** An institution number, or * for all. */
  instnr: z.string().min(1).default('*'),
  /** 0-1. */
  probability: z.number().min(0).max(1).default(1),
  /** How often the rule strikes at most; no limit when null. With parallel calls the first to arrive take them. */
  count: z.number().int().min(0).nullable().default(null),
  /** How long after its request a `slow` answer goes, in real milliseconds. */
  delayMs: z.number().int().min(0).default(60_000),
})
export type WeatherRule = z.infer<typeof WeatherRule>

/** What a rule is asked about: one call, or with `operation` null a connection on which nothing was said yet. */
export interface WeatherCall {
  readonly at: Instant
  readonly operation: string | null
  readonly numbers: readonly string[]
  /** How often the same call was made before; part of the lot, so that a replay draws alike whatever runs beside it. */
  readonly repeat: number
}

/** True when the rule fits the call and its lot falls; how often it may still strike is the caller's to know. */
export function strikes(rule: WeatherRule, index: number, call: WeatherCall, seed: number): boolean {
  if (rule.from !== rule.to && !isBetween(toClock(call.at), rule.from, rule.to)) return false
  if (call.operation === null && rule.kind !== 'refused') return false
  if (rule.operation !== '*' && rule.operation !== call.operation) return false
  if (rule.instnr !== '*' && !call.numbers.includes(rule.instnr)) return false
  if (rule.probability >= 1) return true
  const key = [call.operation ?? 'connect', call.numbers.join(' '), String(call.repeat)]
  return seededDraw(seed, 'weather', String(index), rule.kind, ...key) < rule.probability
}
