import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'

const pendingStates = ['waiting', 'ready', 'sent', 'unknown', 'refused'] as const

/** Changes that Unilogin has not acknowledged, of any night. */
export function pendingDeltas(tx: RegisterTx): OutboxDelta[] {
  return pendingStates.flatMap((state) => tx.outbox.inState(state))
}
