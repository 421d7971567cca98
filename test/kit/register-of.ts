import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import { aClock, aFolder, silentLog, someSettings } from './builders.ts'

/**
 * Gives a way to open registers for the tests of a file, each with a file store and a clock that stands still. They are
 * copies of one that is made once: making one anew takes most of a test's time.
 */
export function useRegisters(): (versions?: readonly NewVersion[]) => Promise<RegisterContext & { readonly path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
  const template = join(folder, 'register.sqlite')
  beforeAll(() => openRegister(template).close())
  afterAll(() => rmSync(folder, { recursive: true }))
  return async (versions = []) => {
    const dir = aFolder()
    const path = join(dir, 'register.sqlite')
    copyFileSync(template, path)
    const register = openRegister(path)
    onTestFinished(() => register.close())
    if (versions.length > 0) register.write((tx) => tx.units.write(versions))
    const files = await createFolderFileStore(join(dir, 'files'))
    return { path, register, files, clock: aClock(), log: silentLog, settings: someSettings() }
  }
}
