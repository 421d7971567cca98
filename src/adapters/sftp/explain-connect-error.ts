import type { Supplier } from '../../../config/settings.ts'
import { FatalError, RetryableError, type SyncError } from '../../domain/errors.ts'
import type { HostKeyVerdict, SeenHostKey } from './host-key.ts'

/** How far a connection came. */
export type ConnectStage = 'connect' | 'host key' | 'login' | 'session'

/** What is known when a connection fails. */
export interface FailedConnect {
  readonly supplier: Pick<Supplier, 'id' | 'host' | 'port' | 'hostKeys'>
  readonly stage: ConnectStage
  /** Set when the deadline ended the attempt. */
  readonly deadlineMs?: number | undefined
  readonly hostKey?: { readonly seen: SeenHostKey; readonly verdict: HostKeyVerdict } | undefined
  readonly cause: unknown
}

const dataState = 'nothing was fetched or delivered; the files stay at the supplier'

/** The error for a connection that did not come up, told by how far it came and what was seen. */
export function explainConnectError(failed: FailedConnect): SyncError {
  const { supplier, hostKey, stage, cause } = failed
  const where = `${supplier.host}:${supplier.port}`
  const facts = { supplierId: supplier.id, host: supplier.host, port: supplier.port, stage }

  if (hostKey?.verdict === 'changed') {
    return new FatalError(
      'SFTP_HOST_KEY_CHANGED',
      `login at supplier "${supplier.id}" (${where}) stopped: the server showed ${hostKey.seen.keyType} key ${hostKey.seen.fingerprint}, which is not pinned`,
      {
        dataState: `no credentials were sent; ${dataState}`,
        hint: 'ask the supplier, over another channel, whether they changed the key; if so, set hostKeys.next to the new fingerprint (of a server with several keys, the one of the kind seen). If not, someone may be posing as the server',
        facts: {
          ...facts,
          seenFingerprint: hostKey.seen.fingerprint,
          keyType: hostKey.seen.keyType,
          pinnedCurrent: supplier.hostKeys.current,
          pinnedNext: supplier.hostKeys.next ?? null,
        },
      },
    )
  }
  if (hostKey?.verdict === 'unknown') {
    return new FatalError(
      'SFTP_HOST_KEY_UNKNOWN',
      `login at supplier "${supplier.id}" (${where}) stopped: no host key is pinned for it`,
      {
        dataState: `no credentials were sent; ${dataState}`,
        hint: 'get the fingerprint from the supplier over another channel, compare it with the one seen, and set hostKeys.current',
        facts: { ...facts, seenFingerprint: hostKey.seen.fingerprint, keyType: hostKey.seen.keyType },
      },
    )
  }
  if (failed.deadlineMs !== undefined) {
    return new RetryableError(
      'SFTP_DEADLINE_PASSED',
      `connection to supplier "${supplier.id}" (${where}) was not up after ${failed.deadlineMs} ms; it hung at: ${stage}`,
      {
        dataState,
        hint: 'tried again by itself; if it stays, ask the supplier whether the server is up, and check firewalls on the way',
        facts: { ...facts, deadlineMs: failed.deadlineMs },
        cause,
      },
    )
  }
  if (levelOf(cause) === 'client-authentication') {
    return new FatalError('SFTP_LOGIN_REFUSED', `login at supplier "${supplier.id}" (${where}) was refused`, {
      dataState,
      hint: 'the host key was right, so check username and key or password with the supplier; not tried again by itself, as repeated tries can lock the account',
      facts,
      cause,
    })
  }
  if (stage === 'session') {
    return new FatalError(
      'SFTP_CALL_FAILED',
      `supplier "${supplier.id}" (${where}) let us log in but gave no SFTP session: ${messageOf(cause)}`,
      {
        dataState,
        hint: 'ask the supplier whether SFTP is switched on for our account',
        facts,
        cause,
      },
    )
  }
  if (/no matching/i.test(messageOf(cause))) {
    return new FatalError(
      'SFTP_CALL_FAILED',
      `supplier "${supplier.id}" (${where}) and we have no algorithm in common: ${messageOf(cause)}`,
      {
        dataState,
        hint: 'the server offers only methods that are no longer safe; ask the supplier to update it',
        facts,
        cause,
      },
    )
  }
  return new RetryableError(
    'SFTP_HOST_UNREACHABLE',
    `connection to supplier "${supplier.id}" (${where}) failed at: ${stage}; ${messageOf(cause)}`,
    {
      dataState,
      hint: 'tried again by itself; if it stays, check host and port in the settings and ask the supplier whether the server is up',
      facts,
      cause,
    },
  )
}

/** ssh2 says in `level` which layer an error comes from; the client library around it drops the field. */
function levelOf(error: unknown): unknown {
  return error instanceof Error && 'level' in error ? error.level : undefined
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
