import type { SandboxDatabase } from './open-sandbox-database.ts'
import type { SandboxSystem } from './sandbox-settings.ts'

/** The sending systems that the sandbox lets in. */
export interface SystemStore {
  find(id: string): SandboxSystem | null
  list(): readonly SandboxSystem[]
  /** Puts these in place of all there are. */
  replace(systems: readonly SandboxSystem[]): void
}

interface Row {
  readonly id: string
  readonly kommuner: string
  readonly passive: number
  readonly certificateSha256: string | null
}

export function openSystemStore(database: SandboxDatabase): SystemStore {
  const columns = 'id, kommuner, passive, certificate_sha256 AS certificateSha256'
  const list = database.prepare<[], Row>(`SELECT ${columns} FROM system ORDER BY id`)
  const clear = database.prepare('DELETE FROM system')
  const add = database.prepare<[string, string, number, string | null]>('INSERT INTO system VALUES (?, ?, ?, ?)')
  /** Asked on every call, changed almost never. */
  let known = load()

  return {
    find: (id) => known.get(id) ?? null,
    list: () => [...known.values()],
    replace(systems) {
      database.transaction(() => {
        clear.run()
        for (const { id, kommuner, passive, certificateSha256 } of systems) {
          add.run(id, JSON.stringify(kommuner), passive ? 1 : 0, certificateSha256)
        }
      })()
      known = load()
    },
  }

  function load(): ReadonlyMap<string, SandboxSystem> {
    return new Map(list.all().map((row) => [row.id, toSystem(row)]))
  }
}

function toSystem(row: Row): SandboxSystem {
  return { ...row, kommuner: JSON.parse(row.kommuner) as string[], passive: row.passive === 1 }
}
