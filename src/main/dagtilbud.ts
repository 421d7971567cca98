#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../config/package-root.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import { buildCli } from '../cli/build-cli.ts'
import { SyncError } from '../domain/errors.ts'
import { parts } from './parts.ts'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

// The register, keys and suppliers' files are for this user alone.
process.umask(0o077)

try {
  await buildCli(parts, systemClock, version).parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = error instanceof SyncError ? 2 : 70
}

function explain(error: unknown): string {
  if (!(error instanceof SyncError)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${error.code}: ${error.message}\n  data: ${error.dataState}\n  do:   ${error.hint}`
}
