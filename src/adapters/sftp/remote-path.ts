import { createHash } from 'node:crypto'

/** A path on the server, from a folder of the settings and a file's name. */
export function joinRemote(folder: string, name: string): string {
  if (folder === '.' || folder === '') return name
  return `${folder.replace(/(?<!\/)\/+$/, '')}/${name}`
}

/**
 * True for a name that means one file inside one folder, on any server. False for names with a separator, control
 * characters or bytes that were not UTF-8 (such a file could not be opened again under the name we read).
 */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\u0000-\u001f\u007f\ufffd]/.test(name)
}

/**
 * The name a document has while it is written. The same document gets the same name, so a try that was cut off is
 * written over by the next one and leaves nothing behind.
 */
export function temporaryName(name: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(name).update('\0').update(content).digest('hex')
  return `.dagtilbud-${hash.slice(0, 16)}.tmp`
}

/** True for names that mark a file as not finished yet: ours, and those of suppliers that write the same way. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp')
}

/** The names to try for a file in the folder of read files: its own, then `name.2`, `name.3`, ... */
export function* freeNameCandidates(name: string): Generator<string> {
  yield name
  for (let n = 2; n < 10_000; n++) yield `${name}.${n}`
}
