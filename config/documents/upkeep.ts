import { z } from 'zod'
import { roles } from '../../src/domain/roles.ts'
import { breakParts } from '../../src/domain/verify-break.ts'
import { count, date, instant, isoTime, sha256, text } from './parts.ts'

/** `manifest.json` of a backup, as `src/app/backup-manifest.ts` reads it. */
const Manifest = z.strictObject({
  format: z.literal('dagtilbud-backup-1'),
  name: z.string(),
  takenAt: isoTime,
  programVersion: z.string(),
  register: z.strictObject({ sha256, sizeBytes: count, schema: z.string() }),
  ledger: z.strictObject({ seq: count, hash: sha256 }),
  position: count,
  numbers: z.record(z.string(), count),
  night: z.strictObject({ date, state: z.string() }).nullable(),
  blobs: z.strictObject({ count, sha256, missing: z.array(sha256), corrupt: z.array(sha256) }),
})

/** `backup`. */
export const BackupDocument = z.strictObject({
  format: z.literal('dagtilbud-sikkerhedskopi-1'),
  folder: z.string(),
  ok: z.boolean(),
  added: count,
  removed: z.array(z.string()),
  manifest: Manifest,
})

/** `restore`, done or not. */
export const RestoreDocument = z.strictObject({
  format: z.literal('dagtilbud-tilbagelaegning-1'),
  /** False: this is what would be lost; nothing was changed. */
  done: z.boolean(),
  manifest: Manifest,
  unreadable: z.string().nullable(),
  lost: z.strictObject({
    nights: z.array(z.string()),
    ledgerEntries: count,
    numbers: z.array(z.strictObject({ nummer: z.string(), supplierId: z.string().nullable(), lokalId: z.string().nullable() })),
  }),
  floor: z.strictObject({ numbers: z.record(z.string(), count), position: count }),
  /** The next three only once it is done. */
  keptAt: z.string().nullable().optional(),
  blobsPutBack: count.optional(),
  restamped: count.optional(),
})

/** `verify`. */
export const ProofDocument = z.strictObject({
  format: z.literal('dagtilbud-bevis-1'),
  sound: z.boolean(),
  breaks: z.array(
    z.strictObject({
      part: z.enum(breakParts),
      place: z.string(),
      key: z.string(),
      column: z.string().nullable(),
      expected: z.string().nullable(),
      seen: z.string().nullable(),
      meaning: text,
      todo: text,
    }),
  ),
  notes: z.array(text),
  ledger: z.strictObject({ entries: count, hash: sha256.nullable(), anchors: count }),
  replayedTo: count,
  blobs: count,
  tables: count,
  rows: count,
})

/** `doctor`. */
export const DoctorDocument = z.strictObject({
  format: z.literal('dagtilbud-doktor-1'),
  checks: z.array(z.strictObject({ part: text, ok: z.boolean(), seen: text, hint: text })),
})

/** `user list`. */
export const UsersDocument = z.strictObject({
  format: z.literal('dagtilbud-brugere-1'),
  brugere: z.array(
    z.strictObject({ brugernavn: z.string(), navn: z.string(), roller: z.array(z.enum(roles)), createdAt: instant }),
  ),
})

/** `user add`, `user remove` and `user password`. */
export const UserDocument = z.strictObject({
  format: z.literal('dagtilbud-bruger-1'),
  brugernavn: z.string(),
  gjort: z.enum(['added', 'removed', 'password']),
})

/** `sandbox`, and its `--ready-file`. */
export const SandboxDocument = z.strictObject({
  format: z.literal('dagtilbud-sandkasse-1'),
  configFile: z.string(),
  sftp: z.string(),
  unilogin: z.string(),
  sideDoor: z.string(),
})
