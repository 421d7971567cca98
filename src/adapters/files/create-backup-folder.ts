import { constants, createReadStream } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FatalError, RetryableError } from '../../domain/errors.ts'
import type { BackupDraft, Backups, BlobOutcome, StoredBackup } from '../../ports/backups.ts'
import { blobPath, hashFile, syncPath } from './blobs.ts'

/** What is being written has a name that no finished backup has. */
const draftStart = '.under-way-'
const registerName = 'register.sqlite'
const manifestName = 'manifest.json'
const blobListName = 'blobs.txt'
const folderMode = 0o700

/**
 * Backups in a folder: `<time>/` with the register, its manifest and its list of blobs, and `files/` with the blobs of all of them.
 * On the file system of the file store a blob is a second name for the same bytes, elsewhere a copy. Readable by our own user only.
 * @param dir made when the first backup is begun
 * @param storeDir folder of the file store
 */
export function createBackupFolder(dir: string, storeDir: string): Backups {
  const blobsDir = join(dir, 'files')
  const underWay = async () => (await entries(dir)).filter((name) => name.startsWith(draftStart))
  const names = async () => {
    const found: string[] = []
    for (const name of await entries(dir))
      if (/^\d/.test(name) && (await sizeOf(join(dir, name, manifestName))) !== null) found.push(name)
    return found.sort().reverse()
  }
  return {
    folder: dir,
    begin: (name) =>
      writing(`beginning backup ${name} in ${dir}`, async () => {
        const draft = join(dir, `${draftStart}${name}`)
        await mkdir(draft, { recursive: true, mode: folderMode })
        return backupDraft({ draft, finished: join(dir, name), storeDir, blobsDir })
      }),
    names,
    open: async (name) => storedBackup(join(dir, name), blobsDir),
    remove: (name) => writing(`removing backup ${name} in ${dir}`, () => rm(join(dir, name), { recursive: true, force: true })),
    removeUnlistedBlobs: () =>
      writing(`clearing blobs in ${dir}`, async () => {
        if ((await underWay()).length > 0) return 0
        const lists = await Promise.all(
          (await names()).map(async (name) => (await storedBackup(join(dir, name), blobsDir)).blobs),
        )
        const listed = new Set(lists.flat())
        let removed = 0
        for (const shard of await entries(blobsDir))
          for (const name of await entries(join(blobsDir, shard)))
            if (!listed.has(name)) {
              await rm(join(blobsDir, shard, name), { force: true })
              removed += 1
            }
        return removed
      }),
  }
}

function backupDraft(parts: {
  readonly draft: string
  readonly finished: string
  readonly storeDir: string
  readonly blobsDir: string
}): BackupDraft {
  const { draft, finished, storeDir, blobsDir } = parts
  const touched = new Set<string>()
  return {
    registerPath: join(draft, registerName),
    addBlob: (sha256) =>
      writing(`backing up blob ${sha256}`, async () => {
        const to = blobPath(blobsDir, sha256)
        const outcome = await takeOver(blobPath(storeDir, sha256), to, sha256)
        if (outcome === 'added') touched.add(join(to, '..'))
        return outcome
      }),
    finish: (manifest, blobs) =>
      writing(`finishing backup ${finished}`, async () => {
        await writeFile(join(draft, blobListName), blobs.map((sha256) => `${sha256}\n`).join(''), { mode: 0o600 })
        await writeFile(join(draft, manifestName), manifest, { mode: 0o600 })
        for (const path of [registerName, blobListName, manifestName]) await syncPath(join(draft, path))
        for (const path of [...touched, draft]) await syncPath(path)
        await rename(draft, finished)
        await syncPath(join(finished, '..'))
      }),
    discard: () => rm(draft, { recursive: true, force: true }),
  }
}

async function storedBackup(path: string, blobsDir: string): Promise<StoredBackup> {
  const registerPath = join(path, registerName)
  try {
    const manifest = await readFile(join(path, manifestName), 'utf8')
    const blobs = (await readFile(join(path, blobListName), 'utf8')).split('\n').filter((line) => line !== '')
    await stat(registerPath)
    return {
      registerPath,
      manifest,
      blobs,
      registerSha256: async () => (await hashFile(registerPath)).sha256,
      readBlob: (sha256) => createReadStream(blobPath(blobsDir, sha256)),
    }
  } catch (cause) {
    throw new FatalError('BACKUP_UNUSABLE', `opening the backup ${path}: ${cause instanceof Error ? cause.message : cause}`, {
      dataState: 'nothing was changed',
      hint: 'name the folder of one backup, such as backups/2026-11-24T051500.000Z; it has register.sqlite, manifest.json and blobs.txt',
      cause,
    })
  }
}

/** A second name for the bytes where the file system allows it, else a copy; either is read back before it counts. */
async function takeOver(from: string, to: string, sha256: string): Promise<BlobOutcome> {
  const [wanted, there] = [await sizeOf(from), await sizeOf(to)]
  if (there !== null && (wanted === null || wanted === there)) return 'there'
  if (wanted === null) return 'missing'
  await mkdir(join(to, '..'), { recursive: true, mode: folderMode })
  const temporary = `${to}.new`
  await rm(temporary, { force: true })
  try {
    await link(from, temporary).catch(() => copyFile(from, temporary, constants.COPYFILE_FICLONE))
    if ((await hashFile(temporary)).sha256 !== sha256) return 'corrupt'
    await syncPath(temporary)
    await rename(temporary, to)
    return 'added'
  } finally {
    // Two names of the same bytes are left alone by a rename; then this one is still there.
    await rm(temporary, { force: true })
  }
}

async function entries(path: string): Promise<string[]> {
  return readdir(path).catch(() => [])
}

async function sizeOf(path: string): Promise<number | null> {
  const stats = await stat(path).catch(() => null)
  return stats?.isFile() ? stats.size : null
}

async function writing<T>(tried: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new RetryableError('BACKUP_WRITE_FAILED', `${tried} failed: ${cause instanceof Error ? cause.message : cause}`, {
      dataState: 'the register and the file store are untouched; earlier backups stand',
      hint: 'check the room and the rights of the backup folder; the next night tries again',
      cause,
    })
  }
}
