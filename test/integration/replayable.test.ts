import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'
import { commandSteps } from '../../src/app/command-steps.ts'

const appDir = join(packageRoot, 'src/app')
const sources = new Map(
  readdirSync(appDir).map((name) => [name.replace(/\.ts$/, ''), readFileSync(join(appDir, name), 'utf8')] as const),
)
const jobSources = readdirSync(join(packageRoot, 'jobs')).map((name) => readFileSync(join(packageRoot, 'jobs', name), 'utf8'))

/** Notes in the ledger that change no row need no step of their own; see replay-ledger.ts. */
const mereNotes = ['manage-users']
const itself = 'run-step'

describe('what changes the register', () => {
  it('is a job, or a command whose step can be run again: each file that writes is one or the other', () => {
    const writing = [...sources].filter(([, text]) => /\bregister\.write\(/.test(text)).map(([name]) => name)
    const isJob = (name: string) => jobSources.some((text) => text.includes(`/${name}.ts'`))
    const isCommand = (name: string) => /\brunStep\(/.test(sources.get(name) ?? '')

    expect(writing.filter((name) => ![itself, ...mereNotes].includes(name) && !isJob(name) && !isCommand(name))).toEqual([])
  })

  it('has its step among those that verify can run', () => {
    const named = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/\brunStep\(\s*\w+,\s*'([a-z-]+)'/g)].map(([, name]) => name),
    )

    expect(named.toSorted()).toEqual(Object.keys(commandSteps).toSorted())
  })
})
