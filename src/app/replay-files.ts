import { FatalError } from '../domain/errors.ts'
import { sha256Hex } from '../domain/ids.ts'
import type { FileStore } from '../ports/file-store.ts'

/** A file store for running steps again: reads what is kept, writes nothing, and remembers what was asked of it. */
export interface ReplayFiles extends FileStore {
  /** Every blob that a step has read. */
  readonly wasRead: ReadonlySet<string>
  /** Every blob that a step has made, also where the store has it. */
  readonly wasMade: ReadonlySet<string>
}

/** Reads from the real store; what is put stays in memory, and only where the store has not got it already. */
export function createReplayFiles(kept: FileStore): ReplayFiles {
  const wasRead = new Set<string>()
  const wasMade = new Set<string>()
  const made = new Map<string, Buffer>()
  const use = (sha256: string) => {
    wasRead.add(sha256)
    return made.get(sha256)
  }
  return {
    wasRead,
    wasMade,
    async put(content) {
      const bytes = await bytesOf(content)
      const sha256 = sha256Hex(bytes)
      wasMade.add(sha256)
      if (!(await kept.has(sha256))) made.set(sha256, bytes)
      return { sha256, sizeBytes: bytes.length }
    },
    get: async (sha256) => use(sha256) ?? kept.get(sha256),
    async *read(sha256) {
      const own = use(sha256)
      if (own === undefined) yield* kept.read(sha256)
      else yield own
    },
    has: async (sha256) => made.has(sha256) || kept.has(sha256),
    sizeOf: async (sha256) => made.get(sha256)?.length ?? kept.sizeOf(sha256),
    check: async () => undefined,
    remove: (sha256) => Promise.reject(removing(sha256)),
  }
}

async function bytesOf(content: Parameters<FileStore['put']>[0]): Promise<Buffer> {
  if (typeof content === 'string' || content instanceof Uint8Array) return Buffer.from(content as Uint8Array)
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function removing(sha256: string): FatalError {
  return new FatalError('REGISTER_STATE_UNEXPECTED', `a step that is run again wanted to remove blob ${sha256}`, {
    dataState: 'nothing was removed',
    hint: 'a fault of ours: a step may not remove anything; report it',
  })
}
