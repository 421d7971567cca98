import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'

const places = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd']

export interface OpenSshServer {
  readonly host: string
  readonly port: number
  readonly fingerprint: string
  /** The current user: sshd can log in nobody else without being root. */
  readonly username: string
  readonly privateKeyFile: string
  close(): Promise<void>
}

/**
 * Starts the machine's own OpenSSH server with its built-in SFTP on a loopback port, for one key, with `root` as the folder a session starts
 * in. Everything it writes is in a folder of its own, removed by `close`.
 * @throws when no sshd is installed or it does not start, with what it said
 */
export async function startOpenSsh({ root }: { readonly root: string }): Promise<OpenSshServer> {
  const sshd = places.find(existsSync)
  if (sshd === undefined)
    throw new Error(`no sshd at ${places.join(', ')}: install openssh-server, these tests need the real thing`)
  const home = await mkdtemp(join(tmpdir(), 'openssh-'))
  const hostKey = makeHostKey()
  const userKey = makeHostKey()
  const file = (name: string): string => join(home, name)
  await writeFile(file('host_key'), hostKey.privateKey, { mode: 0o600 })
  await writeFile(file('user_key'), userKey.privateKey, { mode: 0o600 })
  await writeFile(file('authorized_keys'), `${userKey.publicKey}\n`, { mode: 0o600 })
  // Debian's sshd, started by root, refuses to run without its empty folder.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const port = await freePort()
  await writeFile(
    file('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file('host_key')}`,
      `PidFile ${file('sshd.pid')}`,
      `AuthorizedKeysFile ${file('authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      'Subsystem sftp internal-sftp',
      `ForceCommand internal-sftp -d ${root}`,
    ].join('\n'),
  )
  const child = spawn(sshd, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    await listening(child)
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    throw error
  }
  return {
    host: '127.0.0.1',
    port,
    fingerprint: hostKey.fingerprint,
    username: userInfo().username,
    privateKeyFile: file('user_key'),
    async close() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill()
        await exited
      }
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A port that is borrowed and given back, for servers that take no port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (said.includes('Server listening on')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`sshd ended with ${code} before it listened: ${said}`)))
  })
}
