import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageRoot } from '../../config/package-root.ts'

const dockerfile = readFileSync(join(packageRoot, 'Dockerfile'), 'utf8')
const runStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

describe('the Dockerfile', () => {
  it('has no fault that the linter knows', () => {
    expect(validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  it('is held to something: the linter sees an instruction that does not exist', () => {
    expect(validate('FROM node:24\nRUNN true').map(({ message }) => message)).toEqual(['Unknown instruction: RUNN'])
  })

  it('copies only what is in the tree and let through by .dockerignore', () => {
    const letThrough = new Set(readFileSync(join(packageRoot, '.dockerignore'), 'utf8').split('\n'))
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) => list.split(' '))

    expect(sources.filter((source) => !existsSync(join(packageRoot, source)))).toEqual([])
    expect(sources.filter((source) => !letThrough.has(`!${source.split('/')[0]}`))).toEqual([])
  })

  it('gives the run stage everything the program reads from its package folder', () => {
    for (const path of ['package.json', 'config/default.yaml', 'config/schemas', 'src/adapters/sqlite/migrations', 'dist'])
      expect(runStage).toContain(`./${path}\n`)
  })

  it('does not run as root, and has a health check and a volume', () => {
    expect(runStage).toMatch(/^USER node$/m)
    expect(runStage).toMatch(/^HEALTHCHECK /m)
    expect(runStage).toMatch(/^VOLUME \["\/data"\]$/m)
  })
})

describe('compose.yaml', () => {
  const { services } = parse(readFileSync(join(packageRoot, 'compose.yaml'), 'utf8'))

  it('gives the worker a Redis that keeps every key', () => {
    expect(services.redis.command.join(' ')).toContain('--appendonly yes')
    expect(services.redis.command.join(' ')).toContain('--maxmemory-policy noeviction')
    expect(services.worker.depends_on.redis.condition).toBe('service_healthy')
  })

  it.each(['worker', 'redis'])('gives the %s no right that it does not need', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    for (const gift of ['privileged', 'cap_add', 'network_mode', 'pid', 'devices'])
      expect(services[name]).not.toHaveProperty(gift)
    expect(JSON.stringify(services[name].volumes)).not.toContain('docker.sock')
  })

  it('lets the worker write its data and nothing else, and shows Redis to nobody outside', () => {
    expect(services.worker.volumes).toEqual(['data:/data', './dagtilbud:/etc/dagtilbud:ro'])
    expect(services.worker.tmpfs).toEqual(['/tmp'])
    expect(services.redis).not.toHaveProperty('ports')
    expect(services.redis.user).toBe('redis')
  })

  it('shows the console to this machine only', () => {
    expect(services.worker.ports).toEqual(['127.0.0.1:8080:8080'])
  })
})
