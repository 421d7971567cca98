// Sees to everything a task needs on a machine that has only Node, npm, git, a compiler and apt, then runs it.
// Plain Node without packages, so that it works before `npm install`. Usage: node scripts/run.mjs demo|test|chaos|install [arguments]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [task, ...args] = process.argv.slice(2)

/** Programs a task needs beside Node: any one of `names`, from the Debian package. */
const redis = { names: ['valkey-server', 'redis-server'], package: 'redis-server', folders: [] }
const sshd = { names: ['sshd'], package: 'openssh-server', folders: ['/usr/sbin', '/usr/local/sbin'] }
const xmllint = { names: ['xmllint'], package: 'libxml2-utils', folders: [] }
const xmlsec1 = { names: ['xmlsec1'], package: 'xmlsec1', folders: [] }
const zsh = { names: ['zsh'], package: 'zsh', folders: [] }
const fish = { names: ['fish'], package: 'fish', folders: [] }
const faketime = { names: ['faketime'], package: 'faketime', folders: [] }
const chromium = { names: ['chromium'], package: 'chromium', folders: [] }
const tasks = {
  install: { needs: [], run: () => 0 },
  demo: {
    needs: process.env.REDIS_URL || process.env.DAGTILBUD_REDIS_URL ? [] : [redis],
    run: () => node(['src/main/dagtilbud.ts', 'demo', ...args]),
  },
  test: {
    needs: [redis, sshd, xmllint, xmlsec1, chromium, zsh, fish],
    run: () => runNode([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args]),
  },
  chaos: {
    needs: [redis, sshd, faketime],
    run: () => node(['test/chaos/run.ts', ...args]),
  },
}

if (tasks[task] === undefined) stop(`usage: node scripts/run.mjs ${Object.keys(tasks).join('|')}`)
checkNode()
installPackages()
tasks[task].needs.filter((need) => !isInstalled(need)).forEach(installProgram)
process.exit(tasks[task].run())

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) stop(`Node ${process.versions.node} is too old; 20.19 or newer is needed`)
}

/** Installs the locked packages unless this very lock file was installed already. */
function installPackages() {
  const marker = join(root, 'node_modules/.installed-lock')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return
  note('installing the locked packages (npm ci); the first time takes a minute or two')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed; see the lines above')
  writeFileSync(marker, lock)
}

function installProgram(need) {
  const command = `apt-get install -y ${need.package}`
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (!isOnPath('apt-get', ['/usr/bin']))
    stop(`${need.names.join(' or ')} is missing and there is no apt-get here; install it and try again`)
  note(`installing ${need.package} (${command})`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (list) => {
    const [program, ...rest] = [...sudo, 'apt-get', '-qq', ...list]
    return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
  }
  const install = () => apt(['install', '-y', '--no-install-recommends', need.package])
  if (!install() && !(apt(['update']) && install()))
    stop(`${need.package} could not be installed; run this yourself and try again: ${command}`)
  if (!isInstalled(need)) stop(`${need.package} is installed, but ${need.names.join(' or ')} is not found`)
}

function isInstalled(need) {
  return need.names.some((name) => isOnPath(name, need.folders))
}

function isOnPath(name, folders) {
  return [...(process.env.PATH ?? '').split(delimiter), ...folders].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function node(list) {
  return runNode(['--import', 'tsx', ...list])
}

function runNode(list) {
  const result = spawnSync(process.execPath, list, { stdio: 'inherit', cwd: root })
  return result.status ?? 1
}

function run(program, list, failure) {
  if (spawnSync(program, list, { stdio: 'inherit', cwd: root }).status !== 0) stop(failure)
}

function note(text) {
  process.stderr.write(`${text}\n`)
}

function stop(text) {
  note(text)
  process.exit(1)
}
