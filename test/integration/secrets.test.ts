import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stringify } from 'yaml'
import { secretFiles } from '../../config/secret-files.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import { buildCli } from '../../src/cli/build-cli.ts'
import { renderError } from '../../src/cli/render-error.ts'
import { parts } from '../../src/main/parts.ts'
import { aScreen } from '../kit/a-screen.ts'
import { aFolder } from '../kit/builders.ts'

const marker = 'Hemmelig-7f3a'

/** Settings with the marker in every place where a secret may stand, on a machine where nothing answers. */
function writeSettings(folder: string): string {
  const secret = (name: string): string => {
    writeFileSync(join(folder, name), `${marker}-${name}\n`, { mode: 0o600 })
    return join(folder, name)
  }
  const server = { host: '127.0.0.1', port: 1, username: 'x', folder: 'ud', hostKeys: { current: 'A'.repeat(43) } }
  const file = join(folder, 'settings.yaml')
  const settings = {
    dataDir: join(folder, 'data'),
    redis: { url: `redis://bruger:${marker}-@-redis@127.0.0.1:1/0` },
    suppliers: [
      { ...server, id: 'sol', navn: 'Sol', kommuner: ['101'], privateKeyFile: secret('ssh-key') },
      { ...server, id: 'maane', navn: 'Måne', kommuner: ['147'], passwordFile: secret('ssh-password') },
    ],
    export: { sftp: { ...server, passwordFile: secret('export-password') } },
    unilogin: { baseUrl: 'https://127.0.0.1:1' },
    alerts: {
      mail: {
        ...{ host: '127.0.0.1', port: 1, security: 'tls', from: 'a@drift.example', to: ['b@drift.example'] },
        ...{ username: 'x', passwordFile: secret('mail-password') },
      },
      webhook: { url: `https://127.0.0.1:1/${marker}-sti`, secretFile: secret('webhook-secret') },
    },
    console: {
      metricsTokenFile: secret('metrics-token'),
      oidc: { issuer: 'http://127.0.0.1:1', clientId: 'x', clientSecretFile: secret('oidc-secret'), roles: { se: ['x'] } },
    },
  }
  writeFileSync(file, stringify(settings), { mode: 0o600 })
  return file
}

/** Everything a command said, on the screen and as the error it ended with. */
async function said(args: readonly string[]): Promise<string> {
  const screen = aScreen('en')
  const cli = buildCli(parts, systemClock, '0', screen)
  try {
    await cli.parseAsync([...args], { from: 'user' })
  } catch (error) {
    screen.note(renderError(error))
  }
  return screen.out() + screen.err()
}

/** The files below a folder that hold the marker. */
function filesWithMarker(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
  return paths.filter((path) => statSync(path).isFile() && readFileSync(path).includes(marker))
}

afterEach(() => {
  vi.unstubAllEnvs()
  process.exitCode = 0
})

describe('a secret', () => {
  it('is printed by no command that looks at every part and finds each of them broken, and stands in no file of ours', async () => {
    const folder = aFolder()
    vi.stubEnv('DAGTILBUD_CONFIG', writeSettings(folder))

    const doctor = await said(['doctor'])
    const start = await said(['start'])

    expect(doctor).toMatch(/SFTP sol[\s\S]*SFTP_[A-Z_]+/)
    expect(doctor).toContain('message by mail')
    expect(start).toContain('REDIS_UNREACHABLE')
    expect(doctor + start).not.toMatch(/Hemmelig|-redis/)
    expect(filesWithMarker(join(folder, 'data'))).toEqual([])
    expect(secretFiles(parts.loadSettings())).toHaveLength(7)
  })

  it.each([
    ['a Redis address that is none', { DAGTILBUD_REDIS_URL: `redis//:${marker}@10.0.0.1` }],
    ['a webhook address that is none', { DAGTILBUD_ALERTS_WEBHOOK_URL: `https//vagt/${marker}` }],
  ])('is not shown with what is wrong with it: %s', async (_what, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    vi.stubEnv('DAGTILBUD_UNILOGIN_BASE_URL', 'https://localhost')

    const text = await said(['doctor'])

    expect(text).toContain('CONFIG_SETTING_INVALID')
    expect(text).not.toContain(marker)
  })
})
