import { z } from 'zod'
import { canonicalJson } from '../domain/ids.ts'
import type { FileStore, StoredBlob } from '../ports/file-store.ts'

/** Stores a value as canonical JSON: the same value is the same blob. */
export function putDocument(files: FileStore, value: unknown): Promise<StoredBlob> {
  return files.put(canonicalJson(value))
}

/** Reads a value back and checks its shape. @throws STORE_BLOB_MISSING, STORE_BLOB_CORRUPT, ZodError */
export async function getDocument<T>(files: FileStore, sha256: string, shape: z.ZodType<T>): Promise<T> {
  return shape.parse(JSON.parse((await files.get(sha256)).toString('utf8')))
}

/** The lines of a stored text, as many at a time as come together; a line end at the very end adds no line. */
export async function* readLines(files: FileStore, sha256: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of files.read(sha256)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield lines
  }
  rest += decoder.decode()
  if (rest !== '') yield [rest]
}

/** For documents that only this program writes: the hash vouches for the content, the type says what was put. */
export function trusted<T>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'object' && value !== null)
}
