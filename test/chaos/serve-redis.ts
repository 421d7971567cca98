import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { findProgram } from '../kit/find-program.ts'
import type { Night } from './ordeal.ts'

/** A Redis of the operator's beside a world. */
export interface ServedRedis {
  /** For `redis.url`. */
  readonly url: string
  /** Kills the server and starts it again on what it had written. */
  killAndStart(): Promise<void>
}

/** Starts a server that the program did not start and will not end; it ends with the night. */
export async function serveRedis(night: Night, program: 'redis-server' | 'valkey-server'): Promise<ServedRedis> {
  const socket = join(night.world.dir, 'operators-redis.sock')
  const start = async (): Promise<ChildProcess> => {
    const list = ['--port', '0', '--unixsocket', socket, '--dir', night.world.dir, '--appendonly', 'yes', '--save', '']
    const child = spawn(findProgram(program), list, { stdio: 'ignore' })
    await once(child, 'spawn')
    return child
  }
  const stop = async (child: ChildProcess) => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  let server = await start()
  night.afterwards(() => stop(server))
  return {
    url: `unix://${socket}`,
    killAndStart: async () => {
      await stop(server)
      server = await start()
    },
  }
}
