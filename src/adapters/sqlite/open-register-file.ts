import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SyncError } from '../../domain/errors.ts'
import type { FreeRegister, RegisterFile } from '../../ports/register-file.ts'
import { keepAside, putInPlace, settle } from './migrate-register.ts'
import { openRegister } from './open-register.ts'
import { lockForReplacing } from './register-lock.ts'
import { standingOf } from './register-standing.ts'

/** @param waitMs How long it waits for others to close the register. */
export function openRegisterFile(path: string, waitMs?: number): RegisterFile {
  return {
    alone: async (work) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const lock = lockForReplacing(path, waitMs)
      try {
        return await work(freeRegister(path))
      } finally {
        removeStaged(path)
        lock.release()
      }
    },
  }
}

function freeRegister(path: string): FreeRegister {
  return {
    standing: () => {
      if (!existsSync(path)) return null
      try {
        settle(path)
        return standingOf(path)
      } catch (error) {
        if (error instanceof SyncError) throw error
        return error instanceof Error ? error.message : String(error)
      }
    },
    stage: (from) => {
      removeStaged(path)
      copyFileSync(from, stagedPath(path))
      return openRegister(stagedPath(path))
    },
    swap: (staged, time) => {
      staged.close()
      settle(stagedPath(path))
      const kept = existsSync(path) ? keepAside(path, `${path}.replaced-${time}`) : null
      // A log that could not be taken in belongs to the replaced file, and must never be read with the new one.
      for (const end of ['-wal', '-shm'])
        if (kept !== null && existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${kept}${end}`)
      putInPlace(stagedPath(path), path)
      return kept
    },
  }
}

function stagedPath(path: string): string {
  return `${path}.restoring`
}

/** The staged file and what stands beside it while it is open. */
function removeStaged(path: string): void {
  const start = basename(stagedPath(path))
  for (const name of readdirSync(dirname(path))) if (name.startsWith(start)) rmSync(join(dirname(path), name), { force: true })
}
