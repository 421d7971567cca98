import { programVersion } from '../../config/package-root.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { SyncError } from '../domain/errors.ts'
import type { JobFailure, RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { payloadOf } from './failure-payload.ts'

/** Jobs whose outcome is decided by bytes and register alone: what fails on them by a fault of ours fails again. */
const decidedByInput: ReadonlySet<string> = new Set(['validate', 'record-validation', 'plan', 'apply', 'prepare-receipt'])

/** Why a failed job must not run again as things are; null when it may. */
export async function whyNotRequeue(ctx: RegisterContext, failure: JobFailure): Promise<BilingualText | null> {
  return (
    ctx.register.read((tx) => stillMisset(ctx, tx, failure) ?? poisoned(tx, failure) ?? overtaken(tx, failure)) ??
    stillMissing(ctx, failure)
  )
}

/** The supplier that a setting lacked, if it still does. */
function stillMisset({ settings }: RegisterContext, tx: RegisterTx, failure: JobFailure): BilingualText | null {
  if (failure.code !== 'CONFIG_SETTING_INVALID') return null
  const { supplierId, fileId } = payloadOf(failure)
  const supplier = supplierId ?? (fileId === undefined ? undefined : tx.files.find(fileId)?.supplierId)
  if (supplier === undefined || settings.suppliers.some(({ id }) => id === supplier)) return null
  return {
    da: `Leverandøren ${supplier} står stadig ikke i indstillingerne. Ret dem, genstart, og prøv så igen.`,
    en: `Supplier ${supplier} is still not in the settings. Correct them, restart, and try again.`,
  }
}

/** A file on which this very version of the program has failed, was run again by a person, and failed in the same way. */
function poisoned(tx: RegisterTx, { jobId, job, code }: JobFailure): BilingualText | null {
  if (code !== 'UNEXPECTED' || !decidedByInput.has(job)) return null
  const again = tx.ledger
    .of(jobId)
    .some((entry) => entry.type === 'requeue' && entry.facts['code'] === code && versionAt(tx, entry.seq) === programVersion)
  if (!again) return null
  return {
    da: 'Det samme indhold har standset denne version af programmet før og vil gøre det igen. Bed leverandøren sende en ny fil, eller installer en version med rettelsen.',
    en: 'The same content has stopped this version of the program before and would do so again: ask the supplier for a new file, or install a version with the fault mended.',
  }
}

/** The version of the program that wrote an entry: the entry that ends its transaction says so. */
function versionAt(tx: RegisterTx, seq: number): unknown {
  for (const entry of tx.ledger.after(seq)) if (entry.type === 'step') return entry.facts['program']
  return undefined
}

/** A newer file of the municipality has been applied; an older one must not undo it. */
function overtaken(tx: RegisterTx, failure: JobFailure): BilingualText | null {
  const { fileId } = payloadOf(failure)
  if (fileId === undefined || !['plan', 'apply'].includes(failure.job)) return null
  const file = tx.files.find(fileId)
  if (file?.header == null) return null
  const { kommuneKode, loebenummer } = file.header
  const last = tx.files.lastApplied(file.supplierId, kommuneKode)
  if (last === null || last.loebenummer <= loebenummer) return null
  return {
    da: `Kommunens nyere fil nr. ${last.loebenummer} er allerede indlæst; nr. ${loebenummer} må ikke indlæses oven på den.`,
    en: `The municipality's newer file no. ${last.loebenummer} has been applied; no. ${loebenummer} must not be applied on top of it.`,
  }
}

/** Bytes that were missing or wrong in the file store, and still are. */
async function stillMissing({ files }: RegisterContext, failure: JobFailure): Promise<BilingualText | null> {
  if (failure.code !== 'STORE_BLOB_MISSING' && failure.code !== 'STORE_BLOB_CORRUPT') return null
  const hashes = failure.message.match(/\b[0-9a-f]{64}\b/g) ?? []
  for (const sha256 of new Set(hashes)) {
    try {
      for await (const _piece of files.read(sha256));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      return {
        da: `Fillageret har stadig ikke de rigtige bytes til ${sha256.slice(0, 12)}…. Hent dem fra sikkerhedskopien først.`,
        en: `The file store still lacks the bytes of ${sha256.slice(0, 12)}…. Restore them from the backup first.`,
      }
    }
  }
  return null
}
