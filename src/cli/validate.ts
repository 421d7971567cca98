import type { Command } from 'commander'
import { validateDelivery } from '../app/validate-delivery.ts'
import { same } from '../domain/bilingual-text.ts'
import { type BusinessDate, toBusinessDate } from '../domain/time.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { assertChecksum } from '../formats/file-checksum.ts'
import { buildCheckCsv, buildCheckText, type CheckedFile, hasErrors, toCheckDocument } from '../formats/validation-report.ts'
import type { Clock } from '../ports/clock.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { openLocalFile } from './local-file.ts'
import { aDelivery, asJson } from './option-texts.ts'
import type { Screen } from './screen.ts'

interface ValidateOptions {
  readonly json?: boolean
  readonly csv?: boolean
}

/**
 * `dagtilbud validate FILE...`: a supplier's own check before sending, by the same rules, without server or register.
 * Exit code 1 when a file, or a record of one, would be refused. A `.sha256` file beside it is checked too.
 */
export function registerValidate(program: Command, clock: Clock, { say, print, printJson }: Screen): void {
  program
    .command('validate')
    .description(
      say({
        da: 'kontrollér en leverandørs filer efter alle regler, uden server og register',
        en: 'check supplier files by all rules, without server or register',
      }),
    )
    .argument('<file...>', say(aDelivery))
    .option('--json', say(asJson))
    .option('--csv', say({ da: 'skriv fundene som CSV', en: 'print the findings as CSV' }))
    .addHelpText('after', example(say, 'dagtilbud validate 101_fuld_000042.xml --json'))
    .action(async (paths: readonly string[], options: ValidateOptions) => {
      const today = toBusinessDate(clock.now())
      const files: CheckedFile[] = []
      for (const path of paths) files.push({ fileName: path, result: await checkFile(path, today) })
      if (options.json) printJson(toCheckDocument(files))
      else if (options.csv) print(same(buildCheckCsv(files)))
      else print(buildCheckText(files))
      if (files.some(hasErrors)) process.exitCode = exitCodes.no
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
