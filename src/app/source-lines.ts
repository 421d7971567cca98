import { SyncError } from '../domain/errors.ts'
import { decodeText } from '../formats/decode-text.ts'
import { FileStop } from '../formats/file-stop.ts'
import { openContainer } from '../formats/open-container.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterContext } from './context.ts'

/** Characters of a line that are shown; a whole file can stand on one. */
const longest = 2_000

/**
 * Lines of a supplier's file as they stood, by number from 1, read from the kept bytes as validation reads them. What cannot be
 * read any more, because the bytes are gone or break off, is left out. Reads up to the last line asked for.
 */
export async function sourceLines(
  ctx: Pick<RegisterContext, 'files' | 'settings'>,
  file: Pick<DeliveryFile, 'supplierId' | 'sha256' | 'name'>,
  wanted: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>()
  const last = Math.max(0, ...wanted)
  try {
    const { content } = await openContainer(file.name, ctx.files.read(file.sha256), ctx.settings.limits)
    const agreed = ctx.settings.suppliers.find(({ id }) => id === file.supplierId)?.encoding ?? null
    const { text } = await decodeText(content, agreed)
    let number = 1
    let line = ''
    const take = () => {
      if (wanted.has(number)) found.set(number, line.replace(/\r$/, ''))
    }
    for await (const piece of text) {
      const parts = piece.split('\n')
      for (const [i, part] of parts.entries()) {
        if (i > 0) {
          take()
          number += 1
          line = ''
        }
        if (number > last) return found
        if (wanted.has(number) && line.length < longest) line = `${line}${part}`.slice(0, longest)
      }
    }
    take()
  } catch (error) {
    if (!(error instanceof SyncError) && !(error instanceof FileStop)) throw error
  }
  return found
}
