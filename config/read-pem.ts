import { readFile } from 'node:fs/promises'
import { ConfigError } from '../src/domain/errors.ts'

/** The text of a file that a setting names; undefined when it names none. @throws CONFIG_FILE_UNREADABLE */
export async function readPem(setting: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConfigError('CONFIG_FILE_UNREADABLE', `reading the file in ${setting} failed`, {
      dataState: 'nothing was started',
      hint: `check that the file in ${setting} exists and that this user may read it`,
      facts: { setting, path },
      cause,
    })
  }
}
