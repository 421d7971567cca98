import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadSecret } from '../../config/load-secret.ts'
import { loadSettings, parseSettings } from '../../config/load-settings.ts'
import { packageRoot } from '../../config/package-root.ts'
import { envNameOf, settingPaths } from '../../config/setting-paths.ts'
import { aFolder, someSettings } from '../kit/builders.ts'

const required = { DAGTILBUD_UNILOGIN_BASE_URL: 'https://localhost:8443' }
const defaultYaml = readFileSync(join(packageRoot, 'config/default.yaml'), 'utf8')

/** A file of the operator's own with this content, as the environment names it. */
function ownFile(content: string): { DAGTILBUD_CONFIG: string } {
  const path = join(aFolder(), 'own.yaml')
  writeFileSync(path, content)
  return { DAGTILBUD_CONFIG: path }
}

/** What is said of settings that cannot be used. */
function complaint(load: () => unknown): string {
  try {
    load()
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_SETTING_INVALID', dataState: expect.stringContaining('nothing was changed') })
    return (error as Error).message
  }
  throw new Error('the settings were taken')
}

/** Minimal settings with one value at a path. */
function withValue(path: string, value: unknown): Record<string, unknown> {
  const tree = { unilogin: { baseUrl: 'https://localhost' }, cutoffs: [{ navn: 'morgen', time: '06:00' }] }
  const keys = path.split('.')
  const leaf = keys.pop() as string
  const parent = keys.reduce<Record<string, unknown>>((node, key) => {
    node[key] ??= {}
    return node[key] as Record<string, unknown>
  }, tree)
  parent[leaf] = value
  return tree
}

describe('the shipped settings', () => {
  it('need only the address of Unilogin to be complete', () => {
    const settings = loadSettings(required)

    expect(settings).toMatchObject({
      night: { cron: '30 0 * * *' },
      suppliers: [],
      unilogin: { baseUrl: 'https://localhost:8443' },
    })
    expect(complaint(() => loadSettings({}))).toContain('unilogin.baseUrl is not set')
  })

  it('say in the file what the program does without it', () => {
    const cutoffs = parse(defaultYaml).cutoffs
    const bare = parseSettings({ unilogin: { baseUrl: 'https://localhost:8443' }, cutoffs })

    expect(loadSettings(required)).toEqual(bare)
  })

  it.each(settingPaths())('explain %s, or show it as a comment', (path) => {
    const leaf = path.split('.').at(-1)

    expect(defaultYaml).toMatch(new RegExp(`^[ #]*(?:.*\\{ .*)?\\b${leaf}:`, 'm'))
  })

  it('have an environment name of their own for each', () => {
    const names = settingPaths().map(envNameOf)

    expect(new Set(names).size).toBe(names.length)
    expect(names.every((name) => /^DAGTILBUD_[A-Z0-9_]+$/.test(name))).toBe(true)
    expect(envNameOf('night.settleMs')).toBe('DAGTILBUD_NIGHT_SETTLE_MS')
  })
})

describe('the environment', () => {
  it.each([
    ['DAGTILBUD_NIGHT_SETTLE_MS', '2000', (s: Loaded) => s.night.settleMs, 2000],
    ['DAGTILBUD_GUARDS_NEDLAEG_RATIO', '0.25', (s: Loaded) => s.guards.nedlaeg.ratio, 0.25],
    ['DAGTILBUD_NIGHT_CRON', '15 1 * * 1-5', (s: Loaded) => s.night.cron, '15 1 * * 1-5'],
    ['DAGTILBUD_NIGHT_FILES_UNTIL', '04:30', (s: Loaded) => s.night.filesUntil, '04:30'],
    ['DAGTILBUD_INSTITUTIONSNUMMER_PRAEFIKS', 'N', (s: Loaded) => s.institutionsnummer.praefiks, 'N'],
    ['DAGTILBUD_DATA_DIR', '/srv/2026', (s: Loaded) => s.dataDir, '/srv/2026'],
    ['DAGTILBUD_DATA_DIR', '2026', (s: Loaded) => s.dataDir, '2026'],
    ['DAGTILBUD_UNILOGIN_UDBYDERSYSTEM_ID', '00123', (s: Loaded) => s.unilogin.udbydersystemId, '00123'],
    ['DAGTILBUD_UNILOGIN_SOURCE', 'Prøve: "nord" [1]', (s: Loaded) => s.unilogin.source, 'Prøve: "nord" [1]'],
    ['DAGTILBUD_REDIS_URL', 'redis://localhost:6379/2', (s: Loaded) => s.redis.url, 'redis://localhost:6379/2'],
    ['DAGTILBUD_REDIS_URL', '', (s: Loaded) => s.redis.url, undefined],
    ['DAGTILBUD_LOG_LEVEL', '', (s: Loaded) => s.log.level, 'info'],
  ])('sets %s=%s', (name, text, read, value) => {
    expect(read(loadSettings({ ...required, [name]: text }))).toBe(value)
  })

  it('goes before the own file, and that before the shipped one', () => {
    const own = ownFile('night: { settleMs: 1, lookEveryMs: 2 }\ncutoffs: [{ navn: middag, time: "12:00" }]')

    const { night, cutoffs } = loadSettings({ ...required, ...own, DAGTILBUD_NIGHT_SETTLE_MS: '3' })

    expect(night).toMatchObject({ settleMs: 3, lookEveryMs: 2, sweepEveryMs: 30_000 })
    expect(cutoffs.map(({ navn }) => navn)).toEqual(['middag'])
  })

  it.each(['soon', '{', ' '])('with %j where a number belongs names the setting, the value and the variable', (text) => {
    const said = complaint(() => loadSettings({ ...required, DAGTILBUD_NIGHT_SETTLE_MS: text }))

    expect(said).toContain(`night.settleMs is ${JSON.stringify(text)}; `)
    expect(said).toMatch(/number.*DAGTILBUD_NIGHT_SETTLE_MS/)
  })
})

describe('a value that cannot be used', () => {
  it.each([
    ['night.settleMs', -1, '>=0'],
    ['night.settleMs', 1.5, 'int'],
    ['guards.nedlaeg.ratio', 1.1, '<=1'],
    ['night.filesUntil', '25:00', 'a time of day, HH:MM'],
    ['log.level', 'loud', '"debug"|"info"|"warn"|"error"|"silent"'],
    ['redis.prefix', 'Å', '/^[a-z0-9-]+$/'],
    ['unilogin.baseUrl', 'http://localhost', 'URL'],
    ['institutionsnummer.praefiks', 'GG', '/^[A-Z]$/'],
  ])('%s: %j is named with what is allowed (%s) and its variable', (path, value, allowed) => {
    const [line] = complaint(() => parseSettings(withValue(path, value)))
      .split('\n')
      .slice(1)

    expect(line).toContain(`${path} is ${JSON.stringify(value)}; `)
    expect(line).toContain(allowed)
    expect(line).toContain(`(environment: ${envNameOf(path)})`)
  })

  it.each([
    [
      'a cutoff at no time of day',
      'cutoffs',
      [{ navn: 'x', time: '25:00' }],
      ['cutoffs.0.time is "25:00"', 'a time of day, HH:MM'],
    ],
    [
      'a one-off cutoff on no date',
      'cutoffs',
      [{ navn: 'x', time: '06:00', date: '2026-02-30' }],
      ['cutoffs.0.date is "2026-02-30"', 'date'],
    ],
    ['a cutoff on the eighth day', 'cutoffs', [{ navn: 'x', time: '06:00', days: [8] }], ['cutoffs.0.days.0 is 8', '<=7']],
    ['no cutoffs at all', 'cutoffs', [], ['cutoffs is []', '>=1']],
    [
      'a municipality code as a number',
      'suppliers',
      [{ ...aSupplier(), kommuner: ['0101'] }],
      ['suppliers.0.kommuner.0 is "0101"', 'three digits'],
    ],
    ['a supplier without a host', 'suppliers', [{ ...aSupplier(), host: undefined }], ['suppliers.0.host is not set']],
    [
      'a host key that is none',
      'suppliers',
      [{ ...aSupplier(), hostKeys: { current: 'abc' } }],
      ['suppliers.0.hostKeys.current is "abc"', 'SHA256'],
    ],
  ])('is named at its place: %s', (_case, path, value, parts) => {
    const said = complaint(() => parseSettings(withValue(path, value)))

    for (const part of parts) expect(said).toContain(part)
  })

  it('is named together with every other one', () => {
    const tree = { ...withValue('night.settleMs', -1), console: { port: 99_999 } }

    expect(complaint(() => parseSettings(tree)).split('\n')).toHaveLength(3)
  })

  it.each([
    ['at the top', 'nihgt', {}, 'nihgt: there is no such setting'],
    ['inside a group', 'night.settleMS', 5, 'night.settleMS: there is no such setting'],
  ])('is a name that does not exist, %s', (_case, path, value, said) => {
    expect(complaint(() => parseSettings(withValue(path, value)))).toContain(said)
  })
})

describe('the hour of the night', () => {
  it.each(['30 2 * * *', '0 0-4 * * *', '0 */2 * * *', '* * * * *', '0 30 2 * * *', '0 25 * * *', 'hver nat', ''])(
    'is never %j',
    (cron) => {
      expect(complaint(() => parseSettings(withValue('night.cron', cron)))).toContain('never fires between 02:00 and 03:00')
    },
  )

  it.each(['30 0 * * *', '0 1,3 * * *', '59 1 * * 1-5', '0 0 3 * * *'])('may be %j', (cron) => {
    expect(parseSettings(withValue('night.cron', cron)).night.cron).toBe(cron)
  })
})

describe('an own file', () => {
  it.each([
    ['that is not there', () => ({ DAGTILBUD_CONFIG: '/nowhere/own.yaml' }), '/nowhere/own.yaml'],
    ['that is no YAML', () => ownFile('night: {'), 'own.yaml'],
    ['that is a list', () => ownFile('- night'), 'own.yaml'],
    ['that is a word', () => ownFile('night'), 'own.yaml'],
  ])('%s is named', (_case, env, name) => {
    expect(() => loadSettings({ ...required, ...env() })).toThrow(
      expect.objectContaining({ code: 'CONFIG_FILE_UNREADABLE', message: expect.stringContaining(name) }),
    )
  })

  it('may be empty', () => {
    expect(loadSettings({ ...required, ...ownFile('') }).night.settleMs).toBe(5000)
  })
})

type Loaded = ReturnType<typeof loadSettings>

function aSupplier() {
  return {
    id: 'nordsystem',
    navn: 'Nordsystem',
    host: 'sftp.nordsystem.example',
    username: 'dagtilbud',
    hostKeys: { current: `SHA256:${'a'.repeat(43)}` },
    kommuner: ['101'],
  }
}

describe('a secret', () => {
  it('comes from the environment, else from the file that the setting names, else there is none', () => {
    const env = { DAGTILBUD_CONSOLE_METRICS_TOKEN: 'af-miljoeet' }
    const file = join(aFolder(), 'token')
    writeFileSync(file, 'af-en-fil\n')

    expect(loadSecret(env, 'console.metricsToken', file)).toBe('af-miljoeet')
    expect(loadSecret({}, 'console.metricsToken', file)).toBe('af-en-fil')
    expect(loadSecret({}, 'console.metricsToken', undefined)).toBeNull()
  })

  it('whose file cannot be read stops the program, and names the setting', () => {
    expect(() => loadSecret({}, 'alerts.mail.password', join(aFolder(), 'ikke-her'))).toThrow(
      expect.objectContaining({ code: 'CONFIG_FILE_UNREADABLE', message: expect.stringContaining('alerts.mail.passwordFile') }),
    )
  })
})

describe('the settings of the alerts', () => {
  const aMail = { host: 'smtp.example', from: 'a@drift.example', to: ['b@drift.example'] }

  it.each([
    ['a password over an open line', { mail: { ...aMail, security: 'ingen', username: 'x' } }],
    ['no recipient', { mail: { ...aMail, to: [] } }],
    ['an address that is none', { webhook: { url: ' ' } }],
    ['an http address on another machine', { webhook: { url: 'http://vagt.example/x' } }],
    ['a time that is none', { reportAt: '7:00' }],
    ['half of the quiet hours', { quiet: { from: '22:00' } }],
    ['a password in the file', { mail: { ...aMail, password: 'x' } }],
  ])('refuse %s', (_what, alerts) => {
    expect(() => someSettings({ alerts })).toThrow(expect.objectContaining({ code: 'CONFIG_SETTING_INVALID' }))
  })
})
