import { z } from 'zod'
import { sha256Hex } from '../domain/ids.ts'
import { type Instant, toIso } from '../domain/time.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What a backup says of itself; `manifest.json` in its folder. Times are ISO 8601, sizes bytes. */
export const BackupManifest = z.object({
  format: z.literal('dagtilbud-backup-1'),
  name: z.string(),
  takenAt: z.string(),
  programVersion: z.string(),
  register: z.object({ sha256, sizeBytes: z.number(), schema: z.string() }),
  /** Last entry of the ledger; seq 0 when there is none. */
  ledger: z.object({ seq: z.number(), hash: sha256 }),
  /** Position of the last state told to readers of changes. */
  position: z.number(),
  /** The next institution number by letter. */
  numbers: z.record(z.string(), z.number()),
  /** The latest night, and whether it was closed. */
  night: z.object({ date: z.string(), state: z.string() }).nullable(),
  blobs: z.object({
    count: z.number(),
    /** Hash of `blobs.txt`. */
    sha256,
    /** Blobs that the register names and the file store did not have; those that retention removed are not among them. */
    missing: z.array(sha256),
    /** Blobs whose bytes do not have their hash. */
    corrupt: z.array(sha256),
  }),
})
export type BackupManifest = z.infer<typeof BackupManifest>

/** The name of what was kept at an instant: its time, as a name of a folder may be. */
export function keptName(at: Instant): string {
  return toIso(at).replaceAll(':', '')
}

/** Hash of `blobs.txt`, which has a hash per line. */
export function blobListSha256(blobs: readonly string[]): string {
  return sha256Hex(blobs.map((sha256) => `${sha256}\n`).join(''))
}
