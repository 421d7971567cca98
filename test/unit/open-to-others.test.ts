import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openToOthers } from '../../src/cli/open-to-others.ts'
import { aFolder, aSupplier, someSettings } from '../kit/builders.ts'

/** What others could get at when these paths of a data folder have these modes. */
function foundWith(modes: Readonly<Record<string, number>>): string[] {
  const dataDir = aFolder()
  const key = join(dataDir, 'key')
  mkdirSync(join(dataDir, 'files'))
  for (const name of ['register.sqlite', 'key']) writeFileSync(join(dataDir, name), 'x')
  for (const [name, mode] of Object.entries({ '.': 0o700, files: 0o700, 'register.sqlite': 0o600, key: 0o600, ...modes }))
    chmodSync(join(dataDir, name), mode)
  const settings = someSettings({ dataDir, suppliers: [aSupplier('sol', { privateKeyFile: key, passwordFile: '/not/there' })] })
  return openToOthers(settings).map((found) => found.replace(dataDir, '.'))
}

describe('what other users of the machine can get at', () => {
  it.each([
    ['nothing, when all is ours alone', {}, []],
    ['nothing, when the group may read a secret and anybody may see the folder', { '.': 0o755, key: 0o640 }, []],
    ['a secret that anybody may read', { key: 0o604 }, ['./key (0604)']],
    ['a secret that the group may change', { key: 0o660 }, ['./key (0660)']],
    ['a folder that others may write', { '.': 0o777 }, ['. (0777)']],
    ['the register and the files', { 'register.sqlite': 0o644, files: 0o750 }, ['./register.sqlite (0644)', './files (0750)']],
  ])('is %s', (_what, modes, found) => {
    expect(foundWith(modes)).toEqual(found)
  })
})
