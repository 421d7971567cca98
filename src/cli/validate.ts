import type { Command } from 'commander'
import { validateDelivery } from '../app/validate-delivery.ts'
import { type BusinessDate, toBusinessDate } from '../domain/time.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { assertChecksum } from '../formats/file-checksum.ts'
import { buildCheckCsv, buildCheckJson, buildCheckText, type CheckedFile, hasErrors } from '../formats/validation-report.ts'
import type { Clock } from '../ports/clock.ts'
import { openLocalFile } from './local-file.ts'

interface ValidateOptions {
  readonly json?: boolean
  readonly csv?: boolean
}

/**
 * `dagtilbud validate FILE...`: a supplier's own check before sending, by the same rules, without server or register.
 * Exit code 1 when a file, or a record of one, would be refused. A `.sha256` file beside it is checked too.
 */
export function registerValidate(program: Command, clock: Clock): void {
  program
    .command('validate')
    .description('check supplier files by all rules, without server or register')
    .argument('<file...>', 'leverance XML or CSV, plain or as .zip or .gz')
    .option('--json', 'print the result as JSON')
    .option('--csv', 'print the findings as CSV')
    .action(async (paths: readonly string[], options: ValidateOptions) => {
      const today = toBusinessDate(clock.now())
      const files: CheckedFile[] = []
      for (const path of paths) files.push({ fileName: path, result: await checkFile(path, today) })
      const build = options.json === true ? buildCheckJson : options.csv === true ? buildCheckCsv : buildCheckText
      process.stdout.write(build(files))
      if (files.some(hasErrors)) process.exitCode = 1
    })
}

async function checkFile(path: string, date: BusinessDate): Promise<ValidationResult> {
  const { name, sha256, promisedSha256, content } = await openLocalFile(path)
  return validateDelivery({
    fileName: name,
    content: promisedSha256 === null ? content() : readPromised(content(), promisedSha256, sha256),
    mandate: null,
    codeMap: {},
    date,
    provenWhole: promisedSha256 !== null,
    emit: () => undefined,
  })
}

/** The bytes of a file, if they have the checksum that was promised. */
async function* readPromised(content: AsyncIterable<Uint8Array>, promised: string, sha256: string): AsyncGenerator<Uint8Array> {
  assertChecksum('sidecar', promised, sha256)
  yield* content
}
