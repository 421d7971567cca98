import type { InboxSession, SupplierInbox } from '../../ports/supplier-inbox.ts'

/** An inbox whose sessions stay open for a while after use, so that a burst of receipts needs one login, not hundreds. */
export interface PooledInbox extends SupplierInbox {
  /** Closes the sessions that are idle; those in use close when their user is done. */
  drain(): Promise<void>
}

interface IdleSession {
  readonly session: InboxSession
  readonly timer: NodeJS.Timeout
}

/**
 * Keeps a session for the next user of the same supplier for `idleMs` after it was closed. A session in which any call
 * failed is not kept: its connection may be what failed.
 */
export function poolSessions(inbox: SupplierInbox, idleMs: number): PooledInbox {
  const idle = new Map<string, IdleSession[]>()
  let draining = false

  const take = (supplierId: string): InboxSession | undefined => {
    const found = idle.get(supplierId)?.pop()
    if (found !== undefined) clearTimeout(found.timer)
    return found?.session
  }
  const keep = (supplierId: string, session: InboxSession): void => {
    const own = idle.get(supplierId) ?? []
    const timer = setTimeout(() => {
      own.splice(own.indexOf(entry), 1)
      void session.close().catch(() => undefined)
    }, idleMs)
    const entry = { session, timer }
    own.push(entry)
    idle.set(supplierId, own)
  }

  return {
    async open(supplierId) {
      const session = take(supplierId) ?? (await inbox.open(supplierId))
      return lend(session, async (failed) => {
        if (failed || draining) await session.close()
        else keep(supplierId, session)
      })
    },
    async drain() {
      draining = true
      const sessions = [...idle.values()].flat()
      idle.clear()
      for (const { timer } of sessions) clearTimeout(timer)
      await Promise.all(sessions.map(({ session }) => session.close().catch(() => undefined)))
    },
  }
}

/** A session that remembers whether a call of it failed, and is given back instead of closed. */
function lend(session: InboxSession, giveBack: (failed: boolean) => Promise<void>): InboxSession {
  let failed = false
  let returned = false
  const watch = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call
    } catch (error) {
      failed = true
      throw error
    }
  }
  return {
    list: () => watch(session.list()),
    deliver: (name, content) => watch(session.deliver(name, content)),
    moveToRead: (name) => watch(session.moveToRead(name)),
    async *fetch(entry) {
      let whole = false
      try {
        yield* session.fetch(entry)
        whole = true
      } finally {
        if (!whole) failed = true
      }
    },
    async close() {
      if (returned) return
      returned = true
      await giveBack(failed)
    },
  }
}
