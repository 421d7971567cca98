import { z } from 'zod'

/** How the sandbox behaves where the real services are not documented, or differ. All of it is ours. */
export const SandboxSettings = z.strictObject({
  /** HTTP status of faults; both have been seen. */
  faultStatus: z.literal([400, 500]).default(500),
  /** Milliseconds of sandbox time from a delta being taken until a look-up shows it. */
  lagMs: z.number().int().min(0).default(0),
  /** How far a message's Timestamp may lie outside its five minutes, in milliseconds. */
  skewMs: z.number().int().min(0).default(60_000),
  /** Whether a look-up gives a closed institution. */
  closedInLookup: z.enum(['absent', 'present']).default('absent'),
  /** In which namespace `hentDataAftaler` is understood; sources differ. */
  agreementsNamespace: z.enum(['both', 'bpi', 'service']).default('both'),
  /** Share of institutions, 0-1, whose look-up lacks kommunenr and kommune, as seen at the real service. */
  omitKommunenrShare: z.number().min(0).max(1).default(0),
})
export type SandboxSettings = z.infer<typeof SandboxSettings>

/** A sending system that the sandbox lets in. */
export const SandboxSystem = z.strictObject({
  id: z.string().min(1),
  /** Municipalities that chose the system; empty means all. */
  kommuner: z.array(z.string().regex(/^\d{3}$/)).default([]),
  passive: z.boolean().default(false),
  /** Colon-separated SHA-256 of the certificate it must sign with, or show to TLS where nothing is signed; any or none when not set. */
  certificateSha256: z.string().nullable().default(null),
})
export type SandboxSystem = z.infer<typeof SandboxSystem>
