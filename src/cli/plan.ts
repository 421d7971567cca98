import type { Command } from 'commander'
import type { Settings } from '../../config/settings.ts'
import { paragraph } from '../app/paragraph.ts'
import { type PlanPreview, previewPlan } from '../app/preview-plan.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import { FatalError } from '../domain/errors.ts'
import { causeText } from '../domain/hold-causes.ts'
import { kommuner } from '../domain/kommuner.ts'
import { type BusinessDate, isBusinessDate, toBusinessDate, toDanishDate } from '../domain/time.ts'
import { toFindingLine } from '../formats/finding-document.ts'
import type { Clock } from '../ports/clock.ts'
import { openLocalFile } from './local-file.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { renderChanges } from './render-changes.ts'

/** Findings that the text lists; `--json` has as many as validation lists. */
const mostFindings = 10

interface PlanOptions {
  readonly supplier?: string
  readonly date?: string
  readonly json?: boolean
}

/**
 * `dagtilbud plan FILE`: what a supplier's file would change, by the code and the guards of the night; writes nothing.
 * Exit code 1 when the file or a row of it would be refused, 3 when something would wait for a person.
 */
export function registerPlan(cli: Command, parts: Parts, clock: Clock): void {
  cli
    .command('plan')
    .argument('<file>', 'leverance XML or CSV, plain or as .zip or .gz')
    .description('show what a file would change in the register, and write nothing')
    .option('--supplier <id>', 'whose file it is; may be left out when there is one supplier')
    .option('--date <date>', 'the night it would come in; today when left out')
    .option('--json', 'print it as JSON')
    .action(async (path: string, options: PlanOptions, command: Command) => {
      const settings = parts.loadSettings()
      const supplierId = options.supplier ?? onlySupplier(settings)
      if (supplierId === null) return command.error(`error: name the supplier with --supplier: ${namesOf(settings)}`)
      const date = toDate(options.date, clock)
      const file = await openLocalFile(path)
      const { name, sha256, promisedSha256 } = file
      const { register, close } = await parts.openReading(settings)
      try {
        const preview = await previewPlan(register, { supplierId, date, name, sha256, promisedSha256 }, file.content())
        if (options.json) printJson({ file: name, sha256, supplierId, date, ...preview })
        else print(renderPreview(preview, { name, supplierId, date }))
        process.exitCode = exitCodeOf(preview)
      } finally {
        await close()
      }
    })
}

function onlySupplier({ suppliers }: Settings): string | null {
  return suppliers.length === 1 ? (suppliers[0]?.id ?? null) : null
}

function namesOf({ suppliers }: Settings): string {
  return suppliers.map(({ id }) => id).join(', ') || 'the settings have none'
}

function toDate(text: string | undefined, clock: Clock): BusinessDate {
  const date = text ?? toBusinessDate(clock.now())
  if (isBusinessDate(date)) return date
  throw new FatalError('NIGHT_DATE_INVALID', `planning a file for the night "${date}", which is not a date`, {
    dataState: 'nothing was written',
    hint: 'give a date as YYYY-MM-DD',
  })
}

function exitCodeOf({ rejected, counts, plan }: PlanPreview): number {
  if (rejected || counts.rejected > 0) return 1
  return plan !== null && plan.held.length > 0 ? 3 : 0
}

/** A preview as a Danish text, at most 100 columns wide. */
export function renderPreview(
  preview: PlanPreview,
  { name, supplierId, date }: { readonly name: string; readonly supplierId: string; readonly date: BusinessDate },
): string {
  const { header, plan, counts, known } = preview
  const about =
    header === null
      ? 'hovedet kan ikke læses'
      : `kommune ${header.kommuneKode} ${kommuner.get(header.kommuneKode)?.navn ?? ''}, ${header.art}, løbenummer ${header.loebenummer}${fromText(header)}`
  const lines = [
    ...paragraph(`${name} fra ${supplierId}, natten ${date}: ${about}`),
    'Prøve: intet er skrevet.',
    ...(header?.gyldigFra && header.gyldigFra > date && !preview.rejected
      ? paragraph(
          `Filen ville vente og træde i kraft ${toDanishDate(header.gyldigFra)}; planen er lagt mod registret, som det er nu.`,
        )
      : []),
    ...(known === null
      ? []
      : paragraph(`Registret har filen i forvejen (${known}); kommer den igen, sendes kun dens kvittering.`)),
    '',
    ...findingLines(preview),
  ]
  if (plan === null) return [...lines, 'AFVIST: filen som helhed ville blive afvist, og registret stå uændret.'].join('\n')
  const { held: heldCount, ...operations } = plan.operations
  const done = Object.entries(operations).map(([operation, count]) => `${count} ${operation}`)
  lines.push(
    'POSTER',
    `  ${counts.read} læst = ${counts.changed} ændrer + ${counts.unchanged} uændret + ${counts.rejected} afvist + ${counts.held} tilbageholdt`,
    '',
    `ÆNDRINGER, DER VILLE BLIVE UDFØRT: ${done.join(', ') || 'ingen'}`,
    ...renderChanges(plan.changes),
    ...plan.links.map(
      ({ fromNummer, to, relation }) => `  slægtskab: ${fromNummer} ${relation} ${to.nummer ?? `${to.lokalId} (ny)`}`,
    ),
    '',
    `TILBAGEHOLDT TIL EN PERSON: ${heldCount ?? 0}`,
    ...plan.slices
      .filter(({ verdict }) => verdict === 'held')
      .flatMap((slice) => paragraph(`  ${slice.slice}: ${causeText(slice).da}`, 4)),
    ...renderChanges(plan.held),
    '',
    `Plan ${plan.planHash} på version ${plan.baseVersion} af kommunen.`,
  )
  return lines.join('\n')
}

function fromText({ gyldigFra }: DeliveryHeader): string {
  return gyldigFra === null ? '' : `, gælder fra ${toDanishDate(gyldigFra)}`
}

function findingLines({ findings, findingCounts }: PlanPreview): string[] {
  const total = Object.values(findingCounts).reduce((sum, count) => sum + count, 0)
  const shown = findings.slice(0, mostFindings)
  return [
    `FUND: ${total}`,
    ...shown.flatMap((finding) => paragraph(`  ${toFindingLine(finding)}`, 4)),
    ...(total > shown.length ? [`  … og ${total - shown.length} til`] : []),
    '',
  ]
}
