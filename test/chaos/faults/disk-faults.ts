import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Random } from '../../../src/sandbox/generator/random.ts'
import type { Fault, Night } from '../ordeal.ts'
import { killAgain } from './kill-again.ts'

/** What goes wrong with the disk under register and file store, and with the register's own file. */
export const diskFaults: readonly Fault[] = [
  {
    name: 'disk full',
    nights: 2,
    missing: needsMount,
    strike: async (night, random) => {
      const data = ownDisk(night, '96m')
      return atRandomLines(night, random, async () => {
        const ms = random.between(2_000, 12_000)
        const ballast = join(data, 'ballast')
        const { bavail, bsize } = statfsSync(data)
        spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096', `count=${Math.ceil((bavail * bsize) / 4096) + 1}`], {
          stdio: 'ignore',
        })
        await pause(ms)
        rmSync(ballast)
        return `full for ${ms} ms`
      })
    },
  },
  {
    name: 'disk read-only',
    nights: 1,
    missing: needsMount,
    strike: async (night, random) => {
      const data = ownDisk(night, '96m')
      const worker = night.worker()
      worker.start()
      await worker.untilLine(random.between(5, 20))
      await worker.stop()
      mount('-o', 'remount,ro', data)
      worker.start()
      while (worker.isRunning()) await pause(20)
      mount('-o', 'remount,rw', data)
      await night.untilClosed(worker)
      if (!/REGISTER_OPEN_FAILED/.test(readFileSync(worker.logFile, 'utf8')))
        throw new Error('it did not say that it cannot write')
      return ['refused to start and said why']
    },
  },
  {
    name: 'register locked',
    nights: 2,
    strike: (night, random) =>
      atRandomLines(night, random, async () => {
        const ms = random.between(5_000, 14_000)
        const other = new Database(registerOf(night), { timeout: 60_000 })
        other.exec('BEGIN IMMEDIATE')
        await pause(ms)
        other.close()
        return `locked for ${ms} ms`
      }),
  },
  {
    name: 'torn page in the WAL',
    nights: 2,
    strike: (night, random) =>
      killAgain(night, 4, async (worker) => {
        await worker.untilLine(random.between(5, 30))
        await worker.kill()
        return tearAfterLastCommit(`${registerOf(night)}-wal`, random)
      }),
  },
]

/** Strikes at two random lines of the worker's log. */
async function atRandomLines(night: Night, random: Random, strike: () => Promise<string>): Promise<string[]> {
  const worker = night.worker()
  worker.start()
  const struck: string[] = []
  const lines = [random.between(5, night.lines), random.between(5, night.lines)].sort((a, b) => a - b)
  for (const line of lines) {
    await worker.untilLine(line)
    if (night.isClosed()) break
    struck.push(`line ${line}: ${await strike()}`)
  }
  await night.untilClosed(worker)
  return struck
}

function registerOf(night: Night): string {
  return join(night.world.dir, 'data/register.sqlite')
}

/** Puts the data folder on a small disk of its own, in memory; gives its path. */
function ownDisk(night: Night, size: string): string {
  const data = join(night.world.dir, 'data')
  const aside = `${data}.aside`
  cpSync(data, aside, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', data)
  cpSync(aside, data, { recursive: true })
  rmSync(aside, { recursive: true })
  night.atLast(() => void spawnSync('umount', ['-l', data]))
  return data
}

function mount(...list: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', list)
  if (status !== 0) throw new Error(`mount ${list.join(' ')}: ${stderr}`)
}

function needsMount(): string | null {
  return process.getuid?.() === 0 && existsSync('/bin/mount') ? null : 'a small disk can be mounted by root only'
}

/**
 * Writes half a page where the next one would go, as a power cut in the middle of a write leaves it. What is committed was flushed
 * before, so it stays. Source: the WAL file format, https://sqlite.org/fileformat2.html#the_write_ahead_log.
 */
function tearAfterLastCommit(wal: string, random: Random): string {
  if (!existsSync(wal)) return 'no WAL'
  const bytes = readFileSync(wal)
  if (bytes.length < 32) return 'empty WAL'
  const frameSize = 24 + bytes.readUInt32BE(8)
  const salts = bytes.subarray(16, 24)
  let end = 32
  for (let at = 32; at + frameSize <= bytes.length && bytes.subarray(at + 8, at + 16).equals(salts); at += frameSize)
    if (bytes.readUInt32BE(at + 4) !== 0) end = at + frameSize
  const torn = Buffer.alloc(random.between(25, frameSize - 1), 0xa5)
  torn.writeUInt32BE(1, 0)
  torn.writeUInt32BE(1, 4)
  salts.copy(torn, 8)
  writeSync(openSync(wal, 'r+'), torn, 0, torn.length, end)
  return `${torn.length} bytes at ${end}`
}
