import type { ConsoleContext } from './context.ts'

/** True when there is any way to sign in. */
export function hasDoor({ identity, accounts }: ConsoleContext): boolean {
  return identity !== null || accounts.users().length > 0
}
