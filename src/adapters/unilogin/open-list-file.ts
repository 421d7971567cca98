import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { ConfigError } from '../../domain/errors.ts'
import type { OpenUniloginList } from '../../ports/unilogin-list.ts'

/** The list of institutions that lies in the file of `drift.listFile`; it is of when the file was written. @throws CONFIG_FILE_UNREADABLE */
export function openListFile(path: string | undefined): OpenUniloginList {
  return async () => {
    try {
      if (path === undefined) throw new TypeError('no file is named')
      const { mtimeMs } = await stat(path)
      return { content: read(path), at: Math.floor(mtimeMs) }
    } catch (cause) {
      throw new ConfigError('CONFIG_FILE_UNREADABLE', 'reading the list in drift.listFile failed', {
        dataState: 'nothing was compared with Unilogin tonight; the night goes on',
        hint: 'put the list there, where every edge worker can read it, or set drift.source to ingen',
        cause,
      })
    }
  }
}

/** Opened when it is read, and not before. */
async function* read(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path)
}
