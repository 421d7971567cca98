import { stat, writeFile } from 'node:fs/promises'
import type { SlowWriter } from './moods.ts'
import { resolveInJail } from './resolve-in-jail.ts'

/** Lets a slow writer write its next piece. The file on disk says how far it came, so every call is one look further. */
export async function growSlowFile(root: string, { path, content, bytesPerLook }: SlowWriter): Promise<void> {
  const all = Buffer.from(content)
  const place = await resolveInJail(root, path, false)
  const written = await stat(place).then(
    ({ size }) => size,
    () => 0,
  )
  if (written < all.length) await writeFile(place, all.subarray(written, written + bytesPerLook), { flag: 'a' })
}
