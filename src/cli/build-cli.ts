import { Command, Option } from 'commander'
import { languages } from '../domain/bilingual-text.ts'
import type { Clock } from '../ports/clock.ts'
import { registerBackup } from './backup.ts'
import { registerCompletion } from './completion.ts'
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
import type { Screen } from './screen.ts'
import { speakHelp } from './speak-help.ts'
import { registerStart } from './start.ts'
import { registerUser } from './user.ts'
import { registerValidate } from './validate.ts'
import { registerVerify } from './verify.ts'

/** Every command of `dagtilbud`, with its options; docs/operations.md lists the same. */
export function buildCli(parts: Parts, clock: Clock, version: string, screen: Screen): Command {
  const { say } = screen
  const cli = new Command('dagtilbud')
    .description(
      say({
        da: 'holder registret over dagtilbud og Unilogin i takt, hver nat, inden fristen',
        en: 'keeps the register of daycare institutions and Unilogin in step, every night, before the cutoff',
      }),
    )
    .version(version, '-V, --version', say({ da: 'vis versionen', en: 'show the version' }))
    .addOption(
      new Option(
        '--lang <language>',
        say({
          da: 'sproget; ellers efter LC_ALL eller LANG, dansk til sidst',
          en: 'the language; by LC_ALL or LANG when not given, Danish in the end',
        }),
      ).choices(languages),
    )
  speakHelp(cli, say)
  registerStart(cli, parts, screen)
  registerNight(cli, parts, screen)
  registerCutoffs(cli, parts, screen)
  registerHold(cli, parts, screen)
  registerPlan(cli, parts, clock, screen)
  registerJobs(cli, parts, screen)
  registerRegister(cli, parts, screen)
  registerRegisterLink(cli, parts, screen)
  registerExplain(cli, parts, screen)
  registerExport(cli, parts, screen)
  registerQuality(cli, parts, screen)
  registerDoctor(cli, parts, screen)
  registerBackup(cli, parts, screen)
  registerRestore(cli, parts, screen)
  registerUser(cli, parts, screen)
  registerVerify(cli, parts, screen)
  registerValidate(cli, clock, screen)
  registerSandbox(cli, clock, screen)
  registerDemo(cli, parts, screen)
  registerCompletion(cli, screen)
  return cli
}
