import type { Settings } from '../../config/settings.ts'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The console as people reach it: the address of a proxy in front, or the one that was asked. */
export function originOf({ publicUrl }: Settings['console'], requestUrl: string): string {
  return new URL(publicUrl ?? requestUrl).origin
}

/**
 * True when a request names the console by a name of its own. Any other name is one that somebody has pointed at us, so that
 * a page of theirs may read ours.
 */
export function isOurName(settings: Settings['console'], requestUrl: string): boolean {
  const { hostname } = new URL(requestUrl)
  const own = settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).hostname]
  return loopback.has(hostname) || hostname === settings.host || own.includes(hostname)
}

/** True when browsers reach the console over TLS. */
export function isSecure({ publicUrl }: Settings['console']): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** True when only this machine can reach the console, and no proxy is said to stand in front. */
export function isPrivate({ publicUrl, host }: Settings['console']): boolean {
  return publicUrl === undefined && (loopback.has(host) || host === '::1')
}
