import { channelsOf } from '../../config/alert-channels.ts'
import { programVersion } from '../../config/package-root.ts'
import type { Settings } from '../../config/settings.ts'
import { RetryableError } from '../domain/errors.ts'
import { canonicalJson } from '../domain/ids.ts'
import type { Step } from '../domain/ledger.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { Register, RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/** What a step needs of its context. */
export type StepNeeds = Pick<RegisterContext, 'clock' | 'settings' | 'files' | 'register'>

/** Commands beside the worker are few; a step that is overtaken this often has another trouble. */
const mostTries = 10

/**
 * Runs a step that changes the register: it happens at one moment, on one state of the register, and the ledger says what
 * it was and what it was given, so that it can be run again. Every job on the register and every command that changes it
 * goes through here.
 * @throws REGISTER_STATE_MOVED when the register changed between what the step read and what it writes
 */
export async function runStep<C extends StepNeeds, T>(
  ctx: C,
  name: string,
  input: unknown,
  work: (ctx: C) => Promise<T>,
): Promise<T> {
  const settingsSha256 = await storeSettings(ctx.files, ctx.settings)
  for (let tries = 1; ; tries++) {
    const step: Step = { name, input, at: ctx.clock.now(), program: programVersion, settingsSha256 }
    try {
      return await work({ ...ctx, clock: { now: () => step.at }, register: inStep(ctx.register, step) })
    } catch (error) {
      if (!isMoved(error) || tries === mostTries) throw error
    }
  }
}

/** The register as a step has it: what it writes is written on what it read, or not at all. */
function inStep(register: Register, step: Step): Register {
  let readAt: number | null = null
  const seqOf = (tx: RegisterTx) => tx.ledger.last()?.seq ?? 0
  return {
    ...register,
    read: (query) =>
      register.read((tx) => {
        readAt ??= seqOf(tx)
        return query(tx)
      }),
    // A step inside a step, as a note of what a job found outside, goes by its own name.
    write: (change, inner) => {
      const result = register.write((tx) => {
        if (readAt !== null && readAt !== seqOf(tx)) throw hasMoved(step.name)
        return change(tx)
      }, inner ?? step)
      readAt = null
      return result
    },
  }
}

/** Where the settings of a file store lie, so that they are written once and not with every step. */
const stored = new WeakMap<FileStore, Map<Settings, Promise<string>>>()

function storeSettings(files: FileStore, settings: Settings): Promise<string> {
  const known = stored.get(files) ?? new Map<Settings, Promise<string>>()
  stored.set(files, known)
  const earlier = known.get(settings)
  if (earlier !== undefined) return earlier
  const sha256 = files.put(canonicalJson(settingsOfSteps(settings))).then((blob) => blob.sha256)
  known.set(settings, sha256)
  sha256.catch(() => known.delete(settings))
  return sha256
}

/** The settings that a step on the register can depend on: without where things lie and how they are reached. */
function settingsOfSteps(settings: Settings): Partial<Settings> {
  const { dataDir: _dataDir, log: _log, redis: _redis, sftp: _sftp, alerts, ...rest } = settings
  // Which channels there are decides what is noted; whom they reach is nobody's business here.
  const channels = Object.fromEntries(channelsOf(settings).map((name) => [name, {}]))
  const { mail: _mail, webhook: _webhook, ...pace } = alerts
  return { ...rest, alerts: { ...pace, ...channels } as Settings['alerts'] }
}

function isMoved(error: unknown): boolean {
  return error instanceof RetryableError && error.code === 'REGISTER_STATE_MOVED'
}

function hasMoved(name: string): RetryableError {
  return new RetryableError(
    'REGISTER_STATE_MOVED',
    `step "${name}" found the register changed since it read it, as by a command`,
    {
      dataState: 'nothing of the step was written',
      hint: 'it is tried again by itself',
      facts: { step: name },
    },
  )
}
