import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a bench has for itself. Nothing of it is left when the process ends, however that comes. */
export interface OwnWorld {
  readonly folder: string
  /** Starts a program that is ended with the bench. */
  spawn(program: string, args: readonly string[], options?: SpawnOptions): ChildProcess
  /** To be done at the end, newest first; must not wait for anything. */
  atEnd(work: () => void): void
}

/** A temporary folder and the processes that work in it. */
export function ownWorld(name: string): OwnWorld {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`))
  const endings = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })]
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  process.once('exit', () => {
    for (const end of endings.reverse()) end()
  })
  return {
    folder,
    spawn: (program, args, options = {}) => {
      const child = spawn(program, args, options)
      endings.push(() => void child.kill('SIGKILL'))
      return child
    },
    atEnd: (work) => void endings.push(work),
  }
}

/** The first line of JSON a program prints: that it is ready, and where. @throws when it ends before */
export async function firstLine<T>(child: ChildProcess): Promise<T> {
  let said = ''
  const line = (async () => {
    for await (const chunk of child.stdout ?? []) {
      said += String(chunk)
      if (said.includes('\n')) return JSON.parse(said.slice(0, said.indexOf('\n'))) as T
    }
    throw new Error(`${child.spawnargs.join(' ')} ended and said: ${said}`)
  })()
  const failed = once(child, 'error').then(([error]) => {
    throw error
  })
  return Promise.race([line, failed])
}

/** Megabytes of a process at their highest; 0 where /proc does not tell. */
export function peakMb(pid: number | undefined): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}
