import type { Settings } from '../../config/settings.ts'
import type { RegisterContext } from '../app/context.ts'
import type { Parts, QueueProgram } from './program.ts'

/** Does a command's work with the register open, and closes it whatever comes of it. */
export async function withRegister(
  parts: Parts,
  work: (register: RegisterContext, settings: Settings) => Promise<void> | void,
): Promise<void> {
  const settings = parts.loadSettings()
  const { register, close } = await parts.openReading(settings)
  try {
    await work(register, settings)
  } finally {
    await close()
  }
}

/** The same with the queue beside it. */
export async function withQueue(parts: Parts, work: (program: QueueProgram) => Promise<void>): Promise<void> {
  const program = await parts.openQueue(parts.loadSettings())
  try {
    await work(program)
  } finally {
    await program.close()
  }
}
