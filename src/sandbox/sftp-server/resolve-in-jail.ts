import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, join, posix, resolve, sep } from 'node:path'

/** Raised when a path would lead out of the user's root. */
export class OutsideJail extends Error {}

/** The path a client asks for, as seen from the user's root: absolute, without `.` and `..`. */
export function toVirtualPath(path: string): string {
  return posix.resolve('/', path)
}

/**
 * The place on disk behind a client's path. `..` stops at the root. With `followLink` the last part may be a link; every link on
 * the way must end inside the root. The result may not exist, but its folder does.
 */
export async function resolveInJail(root: string, path: string, followLink: boolean): Promise<string> {
  const realRoot = await realpath(root)
  const wanted = resolve(realRoot, `.${toVirtualPath(path)}`)
  if (wanted === realRoot) return realRoot
  const folder = await realpath(dirname(wanted))
  assertInside(realRoot, folder)
  const place = join(folder, basename(wanted))
  if (!followLink) return place
  const stat = await lstat(place).catch(() => null)
  if (!stat?.isSymbolicLink()) return place
  // A link whose target is missing fails here, so a write cannot make a file outside through it.
  const target = await realpath(place)
  assertInside(realRoot, target)
  return target
}

function assertInside(realRoot: string, place: string): void {
  if (place !== realRoot && !place.startsWith(realRoot + sep)) throw new OutsideJail(`${place} is outside the root`)
}
