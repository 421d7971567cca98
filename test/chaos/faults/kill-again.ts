import type { Night } from '../ordeal.ts'
import type { WorkerProcess } from '../worker-process.ts'

/**
 * Starts the worker and kills it, up to so many times or until the night is closed, and lets the night end.
 * @param kill Waits for its moment and kills; gives what struck.
 */
export async function killAgain(
  night: Night,
  times: number,
  kill: (worker: WorkerProcess) => Promise<string>,
): Promise<string[]> {
  const worker = night.worker()
  const struck: string[] = []
  while (struck.length < times && !night.isClosed()) {
    worker.start()
    struck.push(await kill(worker))
  }
  await night.untilClosed(worker)
  return struck
}
