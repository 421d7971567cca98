#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { packageRoot } from '../../config/package-root.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import { registerDemo } from '../cli/demo.ts'
import { registerDoctor } from '../cli/doctor.ts'
import { registerHold } from '../cli/hold.ts'
import { registerJobs } from '../cli/jobs.ts'
import { registerNight } from '../cli/night.ts'
import { registerSandbox } from '../cli/sandbox.ts'
import { registerStart } from '../cli/start.ts'
import { SyncError } from '../domain/errors.ts'
import { parts } from './parts.ts'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
const cli = new Command('dagtilbud')
  .description('keeps the register of daycare institutions and Unilogin in step, every night, before the cutoff')
  .version(version)

registerStart(cli, parts)
registerNight(cli, parts)
registerHold(cli, parts)
registerJobs(cli, parts)
registerDoctor(cli, parts)
registerSandbox(cli, systemClock)
registerDemo(cli, parts)

try {
  await cli.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = error instanceof SyncError ? 2 : 70
}

function explain(error: unknown): string {
  if (!(error instanceof SyncError)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${error.code}: ${error.message}\n  data: ${error.dataState}\n  gør: ${error.hint}`
}
