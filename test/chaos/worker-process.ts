import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import { builtProgram } from '../kit/build-once.ts'
import type { SmallWorld } from '../kit/small-world.ts'

/** `dagtilbud start` on a world's settings, as a process that can be ended and started again. */
export interface WorkerProcess {
  /** Starts it; it must not run. */
  start(): void
  isRunning(): boolean
  /** Waits until it has written so many lines to its log since it was last started, or has ended. */
  untilLine(count: number): Promise<void>
  signal(name: NodeJS.Signals): void
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
  /** Ends it as an operator does. */
  stop(): Promise<void>
  readonly logFile: string
}

/** What stands before the program's name, and in its environment. */
export interface Wrapping {
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** None outlives the program that started it. */
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** @param name Tells the processes of a world apart. */
export function workerProcess(world: Pick<SmallWorld, 'dir' | 'settings'>, name: string, wrapping: Wrapping = {}): WorkerProcess {
  const config = join(world.dir, `${name}.yaml`)
  const logFile = join(world.dir, `${name}.log`)
  writeFileSync(config, stringify({ ...world.settings, log: { level: 'info' } }))
  let child: ChildProcess | undefined
  /** Lines in the log before the running process. */
  let begin = 0
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || !isRunning()) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    logFile,
    isRunning,
    start: () => {
      // Its own file, not a pipe: what it wrote before it was killed is there.
      begin = linesOf(logFile)
      const log = openSync(logFile, 'a')
      const [program = process.execPath, ...rest] = [
        ...(wrapping.command ?? []),
        process.execPath,
        builtProgram.dagtilbud,
        'start',
      ]
      child = spawn(program, rest, {
        cwd: world.dir,
        env: { ...env, ...wrapping.env, DAGTILBUD_CONFIG: config },
        stdio: ['ignore', log, log],
      })
      closeSync(log)
      const own = child
      children.add(own)
      own.once('exit', () => children.delete(own))
    },
    untilLine: async (count) => {
      while (isRunning() && linesOf(logFile) - begin < count) await pause(2)
    },
    signal: (signal) => void child?.kill(signal),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** Lines that stand in a file; none when there is no file. */
export function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}
