import { statSync } from 'node:fs'
import { join } from 'node:path'
import { secretFiles } from '../../config/secret-files.ts'
import type { Settings } from '../../config/settings.ts'

/** The group may read: that is how the user of a service gets at a file of root's. */
const secretMode = 0o640
/** The folder itself may be looked into; what lies in it is ours alone, as it was made. */
const folderMode = 0o755
const ownMode = 0o700

/**
 * Files and folders that other users of this machine could read although they hold secrets or personal data, or could
 * change: each with its mode. What is not there is left out.
 */
export function openToOthers(settings: Settings): readonly string[] {
  const { dataDir } = settings
  const inside = ['register.sqlite', 'accounts.sqlite', 'files', 'backups'].map((name) => join(dataDir, name))
  return [...findWider([dataDir], folderMode), ...findWider(inside, ownMode), ...findWider(secretFiles(settings), secretMode)]
}

/** The paths that give the group or others a right that `most` does not. */
function findWider(paths: readonly string[], most: number): string[] {
  return paths.flatMap((path) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode
    return mode === undefined || (mode & 0o077 & ~most) === 0 ? [] : [`${path} (${(mode & 0o777).toString(8).padStart(4, '0')})`]
  })
}
