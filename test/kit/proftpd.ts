import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort, type OpenSshServer } from './openssh.ts'

const program = '/usr/sbin/proftpd'
const modules = '/usr/lib/proftpd'

/** Why ProFTPD cannot be started here; null when it can. */
export function missesProFtpd(): string | null {
  if (!existsSync(program) || !existsSync(join(modules, 'mod_sftp.so')))
    return 'no ProFTPD with mod_sftp (Debian: proftpd-core, proftpd-mod-crypto)'
  return process.getuid?.() === 0 ? null : 'ProFTPD lets nobody log in without being root'
}

/** Starts ProFTPD's own SFTP (mod_sftp) on a loopback port, for one key. Everything it writes is in a folder of its own, removed by `close`. */
export async function startProFtpd(): Promise<OpenSshServer> {
  const home = mkdtempSync(join(tmpdir(), 'proftpd-'))
  const file = (name: string) => join(home, name)
  const keygen = (...list: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('ssh-keygen', list, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`ssh-keygen ${list.join(' ')}: ${stderr}`)
    return stdout
  }
  for (const name of ['host_key', 'user_key']) keygen('-q', '-t', 'rsa', '-b', '3072', '-m', 'PEM', '-N', '', '-f', file(name))
  // mod_sftp reads keys in RFC 4716's form only.
  writeFileSync(file('authorized'), keygen('-e', '-f', file('user_key.pub')))
  writeFileSync(file('passwd'), `root:*:0:0::${home}:/bin/sh\n`, { mode: 0o600 })
  writeFileSync(file('group'), 'root:x:0:\n', { mode: 0o600 })
  const port = await freePort()
  writeFileSync(
    file('proftpd.conf'),
    [
      `ModulePath ${modules}`,
      'LoadModule mod_sftp.c',
      'ServerType standalone',
      'DefaultAddress 127.0.0.1',
      `Port ${port}`,
      'User root',
      'Group root',
      'RootLogin on',
      'RequireValidShell off',
      'UseIPv6 off',
      'WtmpLog off',
      `PidFile ${file('pid')}`,
      `ScoreboardFile ${file('scoreboard')}`,
      `DelayTable ${file('delay')}`,
      `SystemLog ${file('log')}`,
      'AuthOrder mod_auth_file.c',
      `AuthUserFile ${file('passwd')}`,
      `AuthGroupFile ${file('group')}`,
      'AllowOverwrite on',
      'SFTPEngine on',
      `SFTPLog ${file('log')}`,
      `SFTPHostKey ${file('host_key')}`,
      'SFTPAuthMethods publickey',
      `SFTPAuthorizedUserKeys file:${file('authorized')}`,
      '',
    ].join('\n'),
  )
  const child = spawn(program, ['--nodaemon', '--config', file('proftpd.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`proftpd ended with ${child.exitCode} before it listened: ${said}`)
    await pause(20)
  }
  const [, fingerprint = ''] = /(SHA256:\S+)/.exec(keygen('-lf', file('host_key.pub'))) ?? []
  return {
    host: '127.0.0.1',
    port,
    fingerprint,
    username: 'root',
    privateKeyFile: file('user_key'),
    async close() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill()
        await exited
      }
      const log = existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : ''
      rmSync(home, { recursive: true, force: true })
      if (/fatal/i.test(log)) throw new Error(`proftpd: ${log}`)
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
