import type { Command } from 'commander'
import type { Settings } from '../../config/settings.ts'
import { type PlanPreview, previewPlan } from '../app/preview-plan.ts'
import { dayText } from '../app/render-night-report.ts'
import { type BilingualText, inBoth, nothing } from '../domain/bilingual-text.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import { causeText } from '../domain/hold-causes.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { type BusinessDate, toBusinessDate } from '../domain/time.ts'
import { refKey } from '../domain/unit.ts'
import { fileStateWords, kommuneText } from '../domain/words.ts'
import { toFindingLine } from '../formats/finding-document.ts'
import type { Clock } from '../ports/clock.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { openLocalFile } from './local-file.ts'
import { parseNightDate } from './night-date.ts'
import { aDelivery, asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import { renderChanges } from './render-changes.ts'
import type { Screen } from './screen.ts'

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
export function registerPlan(cli: Command, parts: Parts, clock: Clock, { say, print, printJson }: Screen): void {
  cli
    .command('plan')
    .argument('<file>', say(aDelivery))
    .description(
      say({
        da: 'vis, hvad en fil ville ændre i registret; intet skrives',
        en: 'show what a file would change in the register, and write nothing',
      }),
    )
    .option(
      '--supplier <id>',
      say({
        da: 'hvis fil det er; kan udelades, når der kun er én leverandør',
        en: 'whose file it is; may be left out when there is one supplier',
      }),
    )
    .option(
      '--date <date>',
      say({ da: 'den nat, den ville komme i; ellers i dag', en: 'the night it would come in; today when left out' }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud plan 101_fuld_000042.xml --supplier nordsystem'))
    .action(async (path: string, options: PlanOptions, command: Command) => {
      const settings = parts.loadSettings()
      const supplierId = options.supplier ?? onlySupplier(settings)
      if (supplierId === null) return command.error(`error: name the supplier with --supplier: ${namesOf(settings)}`)
      const date = options.date === undefined ? toBusinessDate(clock.now()) : parseNightDate(options.date)
      const file = await openLocalFile(path)
      const { name, sha256, promisedSha256 } = file
      const { register, close } = await parts.openReading(settings)
      try {
        const preview = await previewPlan(register, { supplierId, date, name, sha256, promisedSha256 }, file.content())
        if (options.json) printJson({ format: 'dagtilbud-plan-1', file: name, sha256, supplierId, date, ...preview })
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
  return suppliers.map(({ id }) => id).join(', ') || 'none'
}

function exitCodeOf({ rejected, counts, plan }: PlanPreview): number {
  if (rejected || counts.rejected > 0) return exitCodes.no
  return plan !== null && plan.held.length > 0 ? exitCodes.waits : exitCodes.done
}

/** A preview, at most 100 columns wide. */
export function renderPreview(
  preview: PlanPreview,
  { name, supplierId, date }: { readonly name: string; readonly supplierId: string; readonly date: BusinessDate },
): BilingualText {
  const about = headerText(preview.header)
  return lines(
    paragraph({
      da: `${name} fra ${supplierId}, natten ${date}: ${about.da}`,
      en: `${name} from ${supplierId}, night ${date}: ${about.en}`,
    }),
    { da: 'Prøve: intet er skrevet.', en: 'A trial: nothing was written.' },
    ...waitText(preview, date),
    ...knownText(preview),
    nothing,
    ...findingLines(preview),
    ...(preview.plan === null ? [refusedText] : planLines(preview.plan, preview.counts)),
  )
}

const refusedText = {
  da: 'AFVIST: filen som helhed ville blive afvist, og registret stå uændret.',
  en: 'REFUSED: the file as a whole would be refused, and the register stay as it is.',
}

function headerText(header: DeliveryHeader | null): BilingualText {
  if (header === null) return { da: 'hovedet kan ikke læses', en: 'its header cannot be read' }
  const { art, loebenummer, gyldigFra } = header
  const kommune = kommuneText(header.kommuneKode)
  const day = gyldigFra === null ? null : dayText(gyldigFra)
  return {
    da: `kommune ${kommune}, ${art}, løbenummer ${loebenummer}${day === null ? '' : `, gælder fra ${day.da}`}`,
    en: `municipality ${kommune}, ${art}, running number ${loebenummer}${day === null ? '' : `, valid from ${day.en}`}`,
  }
}

function waitText({ header, rejected }: PlanPreview, date: BusinessDate): BilingualText[] {
  if (!header?.gyldigFra || header.gyldigFra <= date || rejected) return []
  const day = dayText(header.gyldigFra)
  return [
    paragraph({
      da: `Filen ville vente og træde i kraft ${day.da}; planen er lagt mod registret, som det er nu.`,
      en: `The file would wait and take effect on ${day.en}; the plan is made against the register as it is now.`,
    }),
  ]
}

function knownText({ known }: PlanPreview): BilingualText[] {
  if (known === null) return []
  const state = fileStateWords[known]
  return [
    paragraph({
      da: `Registret har filen i forvejen (${state.da}); kommer den igen, sendes kun dens kvittering.`,
      en: `The register has the file already (${state.en}); when it comes again, only its receipt is sent.`,
    }),
  ]
}

function planLines(plan: NonNullable<PlanPreview['plan']>, counts: PlanPreview['counts']): BilingualText[] {
  const { held = 0, ...operations } = plan.operations
  const done = Object.entries(operations)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(', ')
  const { read, changed, unchanged, rejected } = counts
  return [
    { da: 'POSTER', en: 'RECORDS' },
    {
      da: `  ${read} læst = ${changed} ændrer + ${unchanged} uændret + ${rejected} afvist + ${counts.held} tilbageholdt`,
      en: `  ${read} read = ${changed} change + ${unchanged} unchanged + ${rejected} rejected + ${counts.held} held`,
    },
    nothing,
    {
      da: `ÆNDRINGER, DER VILLE BLIVE UDFØRT: ${done || 'ingen'}`,
      en: `CHANGES THAT WOULD BE MADE: ${done || 'none'}`,
    },
    ...renderChanges(plan.changes),
    ...plan.links.map(({ fromNummer, to, relation }) => {
      const link = `${fromNummer} ${relation} ${refKey(to)}`
      return { da: `  slægtskab: ${link}`, en: `  lineage: ${link}` }
    }),
    nothing,
    { da: `TILBAGEHOLDT TIL EN PERSON: ${held}`, en: `HELD FOR A PERSON: ${held}` },
    ...plan.slices
      .filter(({ verdict }) => verdict === 'held')
      .map((slice) =>
        paragraph(
          inBoth((say) => `  ${slice.slice}: ${say(causeText(slice))}`),
          4,
        ),
      ),
    ...renderChanges(plan.held),
    nothing,
    paragraph({
      da: `Plan ${plan.planHash} på version ${plan.baseVersion} af kommunen.`,
      en: `Plan ${plan.planHash} on version ${plan.baseVersion} of the municipality.`,
    }),
  ]
}

function findingLines({ findings, findingCounts }: PlanPreview): BilingualText[] {
  const total = Object.values(findingCounts).reduce((sum, count) => sum + count, 0)
  const shown = findings.slice(0, mostFindings)
  const hidden = total - shown.length
  return [
    { da: `FUND: ${total}`, en: `FINDINGS: ${total}` },
    ...shown.map((finding) =>
      paragraph(
        inBoth((say) => `  ${say(toFindingLine(finding))}`),
        4,
      ),
    ),
    ...(hidden > 0 ? [{ da: `  … og ${hidden} til`, en: `  … and ${hidden} more` }] : []),
    nothing,
  ]
}
