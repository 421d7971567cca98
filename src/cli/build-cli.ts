import { Command } from 'commander'
import type { Clock } from '../ports/clock.ts'
import { registerBackup } from './backup.ts'
import { registerCutoffs } from './cutoffs.ts'
import { registerDemo } from './demo.ts'
import { registerDoctor } from './doctor.ts'
import { registerExplain } from './explain.ts'
import { registerExport } from './export.ts'
import { registerHold } from './hold.ts'
import { registerJobs } from './jobs.ts'
import { registerNight } from './night.ts'
import { registerPlan } from './plan.ts'
import type { Parts } from './program.ts'
import { registerQuality } from './quality.ts'
import { registerRegister } from './register.ts'
import { registerRegisterLink } from './register-link.ts'
import { registerRestore } from './restore.ts'
import { registerSandbox } from './sandbox.ts'
import { registerStart } from './start.ts'
import { registerUser } from './user.ts'
import { registerValidate } from './validate.ts'
import { registerVerify } from './verify.ts'

/** Every command of `dagtilbud`, with its options; docs/operations.md lists the same. */
export function buildCli(parts: Parts, clock: Clock, version: string): Command {
  const cli = new Command('dagtilbud')
    .description('keeps the register of daycare institutions and Unilogin in step, every night, before the cutoff')
    .version(version)
  registerStart(cli, parts)
  registerNight(cli, parts)
  registerCutoffs(cli, parts)
  registerHold(cli, parts)
  registerPlan(cli, parts, clock)
  registerJobs(cli, parts)
  registerRegister(cli, parts)
  registerRegisterLink(cli, parts)
  registerExplain(cli, parts)
  registerExport(cli, parts)
  registerQuality(cli, parts)
  registerDoctor(cli, parts)
  registerBackup(cli, parts)
  registerRestore(cli, parts)
  registerUser(cli, parts)
  registerVerify(cli, parts)
  registerValidate(cli, clock)
  registerSandbox(cli, clock)
  registerDemo(cli, parts)
  return cli
}
