import { constants, type Stats } from 'node:fs'
import { chmod, type FileHandle, link, lstat, mkdir, open, readdir, rename, rmdir, stat, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2'
import { growSlowFile } from './grow-slow-file.ts'
import type { SftpMoods } from './moods.ts'
import { OutsideJail, resolveInJail, toVirtualPath } from './resolve-in-jail.ts'

const entriesPerAnswer = 100
/** In the black hole `transfer`, the first read gives so much and the next one hangs. */
const bytesBeforeBlackHole = 1_024

export interface ServeSftpOptions {
  readonly sftp: SFTPWrapper
  /** Folder on disk that the client sees as `/`. */
  readonly root: string
  /** Asked anew at every request. */
  readonly moods: () => SftpMoods
  /** Cuts the connection without a word. */
  readonly cut: () => void
  /** Told how many bytes of a file go out. */
  readonly served: (bytes: number) => void
}

type OpenHandle =
  | { readonly kind: 'file'; readonly file: FileHandle; served: number }
  | { readonly kind: 'folder'; readonly entries: readonly FileEntry[]; sent: number }

/** A refusal that has its own status; all others are told by the error of the file system. */
class Refused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/**
 * Answers the requests of one SFTP session from a folder on disk. Says no to what lies outside it, and to a rename onto a name that exists,
 * as OpenSSH and ProFTPD do. ssh2 cannot announce extensions, so clients see a server without posix-rename.
 * @returns a function that closes what the client left open
 */
export function serveSftp({ sftp, root, moods, cut, served }: ServeSftpOptions): () => Promise<void> {
  const { STATUS_CODE } = ssh2.utils.sftp
  const handles = new Map<number, OpenHandle>()
  let nextHandle = 0
  let isOver = false

  /** Waits, hangs or answers as the moods say; an error becomes a status. */
  async function answer(id: number, run: () => Promise<void>): Promise<void> {
    if (moods().blackHole === 'calls') return
    if (moods().latencyMs > 0) await delay(moods().latencyMs)
    try {
      await run()
    } catch (error) {
      sftp.status(id, toStatus(error))
    }
  }
  function done(id: number): void {
    sftp.status(id, STATUS_CODE.OK)
  }
  function keep(handle: OpenHandle): Buffer {
    const name = Buffer.alloc(4)
    name.writeUInt32BE(nextHandle)
    handles.set(nextHandle, handle)
    nextHandle += 1
    return name
  }
  function held<K extends OpenHandle['kind']>(name: Buffer, kind: K): Extract<OpenHandle, { kind: K }> {
    const handle = name.length === 4 ? handles.get(name.readUInt32BE()) : undefined
    if (handle?.kind !== kind) throw new Refused(STATUS_CODE.FAILURE)
    return handle as Extract<OpenHandle, { kind: K }>
  }
  async function look(): Promise<void> {
    const { slowWriter } = moods()
    if (slowWriter !== null) await growSlowFile(root, slowWriter)
  }

  sftp.on('REALPATH', (id, path) => {
    void answer(id, async () => {
      const virtual = toVirtualPath(path)
      sftp.name(id, [{ filename: virtual, longname: virtual, attrs: {} as Attributes }])
    })
  })
  sftp.on('STAT', (id, path) => {
    void answer(id, async () => {
      await look()
      sftp.attrs(id, toAttributes(await stat(await resolveInJail(root, path, true)), moods()))
    })
  })
  sftp.on('LSTAT', (id, path) => {
    void answer(id, async () => {
      if (moods().wrongAnswer) return sftp.handle(id, Buffer.alloc(4))
      await look()
      sftp.attrs(id, toAttributes(await lstat(await resolveInJail(root, path, false)), moods()))
    })
  })
  sftp.on('FSTAT', (id, name) => {
    void answer(id, async () => {
      sftp.attrs(id, toAttributes(await held(name, 'file').file.stat(), moods()))
    })
  })

  sftp.on('OPENDIR', (id, path) => {
    void answer(id, async () => {
      await look()
      const folder = await resolveInJail(root, path, true)
      const entries: FileEntry[] = []
      for (const name of await readdir(folder)) {
        const stats = await lstat(join(folder, name)).catch(() => null)
        if (stats !== null)
          entries.push({ filename: name, longname: toLongName(name, stats), attrs: toAttributes(stats, moods()) })
      }
      sftp.handle(id, keep({ kind: 'folder', entries, sent: 0 }))
    })
  })
  sftp.on('READDIR', (id, name) => {
    void answer(id, async () => {
      const folder = held(name, 'folder')
      const some = folder.entries.slice(folder.sent, folder.sent + entriesPerAnswer)
      if (some.length === 0) throw new Refused(STATUS_CODE.EOF)
      folder.sent += some.length
      sftp.name(id, [...some])
    })
  })

  sftp.on('OPEN', (id, path, flags) => {
    void answer(id, async () => {
      const place = await resolveInJail(root, path, true)
      const file = await open(place, toOpenFlags(flags), 0o644)
      // The client left while the file was being opened: nobody will close it.
      if (isOver) await file.close()
      else sftp.handle(id, keep({ kind: 'file', file, served: 0 }))
    })
  })
  sftp.on('READ', (id, name, offset, length) => {
    void answer(id, async () => {
      const handle = held(name, 'file')
      const { dropAfterBytes, endAfterBytes, blackHole } = moods()
      if (dropAfterBytes !== null && offset >= dropAfterBytes) return cut()
      if (blackHole === 'transfer' && handle.served > 0) return
      const allowed = Math.min(
        length,
        (dropAfterBytes ?? Number.POSITIVE_INFINITY) - offset,
        (endAfterBytes ?? Number.POSITIVE_INFINITY) - offset,
        blackHole === 'transfer' ? bytesBeforeBlackHole : length,
      )
      if (allowed <= 0) throw new Refused(STATUS_CODE.EOF)
      const { bytesRead, buffer } = await handle.file.read(Buffer.alloc(allowed), 0, allowed, offset)
      if (bytesRead === 0) throw new Refused(STATUS_CODE.EOF)
      handle.served += bytesRead
      served(bytesRead)
      await look()
      sftp.data(id, buffer.subarray(0, bytesRead))
    })
  })
  sftp.on('WRITE', (id, name, offset, data) => {
    void answer(id, async () => {
      let written = 0
      while (written < data.length) {
        written += (await held(name, 'file').file.write(data, written, data.length - written, offset + written)).bytesWritten
      }
      done(id)
    })
  })
  sftp.on('CLOSE', (id, name) => {
    void answer(id, async () => {
      const key = name.length === 4 ? name.readUInt32BE() : -1
      const handle = handles.get(key)
      if (handle === undefined) throw new Refused(STATUS_CODE.FAILURE)
      handles.delete(key)
      if (handle.kind === 'file') await handle.file.close()
      done(id)
    })
  })

  sftp.on('SETSTAT', (id, path, attributes) => {
    void answer(id, async () => {
      await applyAttributes(await resolveInJail(root, path, true), attributes)
      done(id)
    })
  })
  sftp.on('FSETSTAT', (id, name, attributes) => {
    void answer(id, async () => {
      const { file } = held(name, 'file')
      if (attributes.mode !== undefined) await file.chmod(attributes.mode & 0o777)
      if (attributes.mtime !== undefined) await file.utimes(attributes.atime, attributes.mtime)
      done(id)
    })
  })
  sftp.on('RENAME', (id, from, to) => {
    void answer(id, async () => {
      if (moods().refuseRename) throw new Refused(STATUS_CODE.FAILURE)
      await renameUnlessTaken(await resolveInJail(root, from, false), await resolveInJail(root, to, false))
      if (moods().loseRenameAnswer) return cut()
      if (moods().denyRenameDone) throw new Refused(STATUS_CODE.FAILURE)
      done(id)
    })
  })
  sftp.on('REMOVE', (id, path) => {
    void answer(id, async () => {
      await unlink(await resolveInJail(root, path, false))
      done(id)
    })
  })
  sftp.on('MKDIR', (id, path) => {
    void answer(id, async () => {
      await mkdir(await resolveInJail(root, path, false))
      done(id)
    })
  })
  sftp.on('RMDIR', (id, path) => {
    void answer(id, async () => {
      await rmdir(await resolveInJail(root, path, false))
      done(id)
    })
  })

  return async () => {
    isOver = true
    const left = [...handles.values()]
    handles.clear()
    for (const handle of left) if (handle.kind === 'file') await handle.file.close().catch(() => undefined)
  }
}

/** The system's rename would replace the target; making a second name first fails when it exists. Folders have no second name. */
async function renameUnlessTaken(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isDirectory()) {
    await rename(from, to)
    return
  }
  await link(from, to)
  await unlink(from)
}

function toOpenFlags(flags: number): number {
  const { READ, WRITE, APPEND, CREAT, TRUNC, EXCL } = ssh2.utils.sftp.OPEN_MODE
  const access = flags & WRITE ? (flags & READ ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY
  return (
    access |
    constants.O_NOFOLLOW |
    (flags & APPEND ? constants.O_APPEND : 0) |
    (flags & CREAT ? constants.O_CREAT : 0) |
    (flags & TRUNC ? constants.O_TRUNC : 0) |
    (flags & EXCL ? constants.O_EXCL : 0)
  )
}

function toAttributes(stats: Stats, { sizeLieBytes, clockSkewMs }: SftpMoods): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.isFile() ? Math.max(0, stats.size + sizeLieBytes) : stats.size,
    atime: Math.floor((stats.atimeMs + clockSkewMs) / 1_000),
    mtime: Math.floor((stats.mtimeMs + clockSkewMs) / 1_000),
  }
}

/** The line of `ls -l`, which some clients show and a few read. */
function toLongName(name: string, stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : stats.isFile() ? '-' : '?'
  const rights = [6, 3, 0]
    .map((shift) => {
      const bits = stats.mode >> shift
      return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`
    })
    .join('')
  const [date, time] = stats.mtime.toISOString().split('T')
  return `${kind}${rights} ${stats.nlink} owner group ${String(stats.size).padStart(10)} ${date} ${time?.slice(0, 5)} ${name}`
}

async function applyAttributes(place: string, attributes: Partial<Attributes>): Promise<void> {
  if (attributes.mode !== undefined) await chmod(place, attributes.mode & 0o777)
  if (attributes.mtime !== undefined) await utimes(place, attributes.atime ?? attributes.mtime, attributes.mtime)
}

function toStatus(error: unknown): number {
  const { STATUS_CODE } = ssh2.utils.sftp
  if (error instanceof Refused) return error.status
  if (error instanceof OutsideJail) return STATUS_CODE.PERMISSION_DENIED
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ELOOP') return STATUS_CODE.PERMISSION_DENIED
  return STATUS_CODE.FAILURE
}
