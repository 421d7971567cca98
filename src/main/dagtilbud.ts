#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../config/package-root.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import { buildCli } from '../cli/build-cli.ts'
import { chooseLanguage } from '../cli/choose-language.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { renderError } from '../cli/render-error.ts'
import { createScreen } from '../cli/screen.ts'
import { SyncError } from '../domain/errors.ts'
import { parts } from './parts.ts'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

// The register, keys and suppliers' files are for this user alone.
process.umask(0o077)

const screen = createScreen(chooseLanguage(process.argv.slice(2), process.env))
try {
  await buildCli(parts, systemClock, version, screen).parseAsync()
} catch (error) {
  screen.note(renderError(error))
  process.exitCode = error instanceof SyncError ? exitCodes.failed : exitCodes.unforeseen
}
