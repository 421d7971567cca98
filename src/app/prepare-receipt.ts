import { type BilingualText, joined } from '../domain/bilingual-text.ts'
import type { ChangePlan } from '../domain/change-plan.ts'
import { causeText } from '../domain/hold-causes.ts'
import { heldSlices } from '../domain/make-plan.ts'
import { meantFor, missedInTheEnd } from '../domain/missed-cutoff.ts'
import type { Cutoff } from '../domain/next-cutoff.ts'
import type { DeliveredInput, ReceiptInput } from '../domain/receipt.ts'
import { type BusinessDate, type Instant, toDanishDate, toIso, toMinute } from '../domain/time.ts'
import { buildDeliveredJson, buildReceiptCsv, buildReceiptJson, buildReceiptText } from '../formats/receipt.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile, Hold } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import { supplierOf } from './mandate-of.ts'

/** What a receipt job is to put where. */
export interface ReceiptDelivery {
  readonly supplierId: string
  readonly documents: readonly { readonly name: string; readonly sha256: string }[]
  /** Files that may now leave the supplier's inbox, when its settings say so. */
  readonly read: readonly string[]
}

/**
 * Writes the receipt of a file from what the register holds, so the same file always gets the same receipt. A file that
 * came under several names gets it under each of them.
 */
export async function prepareReceipt(
  ctx: RegisterContext,
  { fileId, type }: JobPayloads['prepare-receipt'],
): Promise<StepResult> {
  const found = ctx.register.read((tx) => {
    const file = tx.files.find(fileId)
    return file === null ? null : { file, names: [...new Set(tx.nights.arrivalsOfFile(fileId).map((arrival) => arrival.name))] }
  })
  if (found === null || !isReady(found.file, type)) return { outcome: 'skipped', next: [] }
  const { file, names } = found
  if (isPastKeeping(ctx, fileId)) return { outcome: 'no longer kept', next: [] }

  const contents = type === 'received' ? await receivedDocuments(ctx, file) : deliveredDocuments(ctx, file)
  const stored = await Promise.all(contents.map(async ({ ending, text }) => ({ ending, ...(await ctx.files.put(text)) })))
  const delivery: ReceiptDelivery = {
    supplierId: file.supplierId,
    documents: names.flatMap((name) =>
      stored.map(({ ending, sha256 }) => ({ name: `${name}.${file.sha256.slice(0, 8)}.${ending}`, sha256 })),
    ),
    read: type === 'received' ? names : [],
  }
  const { sha256: inputSha256 } = await putDocument(ctx.files, delivery)
  const receiptId = `${fileId}.${type}`
  return ctx.register.write((tx) => {
    const known = tx.files.findReceipt(receiptId)
    const preparedAt = Math.max(ctx.clock.now(), ...toldOf(tx, fileId))
    if (known?.inputSha256 === inputSha256 && known.state === 'delivered') {
      tx.files.putReceipt({ ...known, preparedAt })
      return { outcome: 'already delivered', next: [] }
    }
    const row = {
      receiptId,
      fileId,
      type,
      inputSha256,
      state: 'prepared',
      preparedAt,
      deliveredAt: null,
    } as const
    tx.files.putReceipt(row)
    return { outcome: 'prepared', next: [{ job: 'receipt', payload: { receiptId, inputSha256 } }] }
  })
}

/** When what a receipt tells came about: later than now where the clock was set back since, and the receipt is no older than that. */
function toldOf(tx: RegisterTx, fileId: string): Instant[] {
  return [
    ...tx.files.plansOf(fileId).map(({ createdAt }) => createdAt),
    ...tx.files.holds({ fileId }).flatMap(({ openedAt, decidedAt }) => [openedAt, decidedAt ?? openedAt]),
  ]
}

/** True when a plan the receipt is made from was removed because its time was over: the file came again after many days. */
function isPastKeeping(ctx: RegisterContext, fileId: string): boolean {
  return ctx.register.read((tx) => tx.files.plansOf(fileId).some(({ planHash }) => tx.upkeep.findRemoved(planHash) !== null))
}

function isReady(file: DeliveryFile, type: 'received' | 'delivered'): boolean {
  return type === 'delivered' ? file.state === 'delivered' : !['stored', 'validated', 'planned'].includes(file.state)
}

interface Content {
  readonly ending: string
  readonly text: string
}

async function receivedDocuments(ctx: RegisterContext, file: DeliveryFile): Promise<Content[]> {
  const { plans, holds, findings, cutoffAt } = ctx.register.read((tx) => ({
    // Of a rejected file nothing is used, whatever was planned, so its receipt does not need the plans.
    plans: file.state === 'rejected' ? [] : tx.files.plansOf(file.fileId),
    holds: tx.files.holds({ fileId: file.fileId }),
    findings: tx.files.findings(file.fileId),
    cutoffAt: earliest(tx.outbox.ofFile(file.fileId).map(meantFor))?.at ?? null,
  }))
  const contents = await Promise.all(plans.map((plan) => getDocument(ctx.files, plan.planHash, trusted<ChangePlan>())))
  const applied = contents.filter((_, i) => plans[i]?.state === 'applied').flatMap((plan) => plan.changes)
  const opened = applied.filter(({ operation }) => operation === 'opret')
  const lokalIds = opened.flatMap(({ lokalId }) => lokalId ?? [])
  const numbers = ctx.register.read((tx) => tx.units.numbersByLokalId(file.supplierId, { lokalIds }))
  const openHolds = holds.filter((hold) => hold.state === 'open')
  const last = contents.at(-1)
  const waiting = last?.counts.held ?? 0
  const lastHeld = last === undefined ? new Set<string>() : heldSlices(last)
  const notDone = holds.filter(({ state, sliceHash }) => (state === 'refused' || state === 'expired') && lastHeld.has(sliceHash))
  const held = openHolds.length === 0 ? 0 : waiting
  const notUsed = openHolds.length === 0 && notDone.length > 0 ? waiting : 0
  const count = (operation: string) => applied.filter((change) => change.operation === operation).length
  const input: ReceiptInput = {
    fileName: file.name,
    sha256: file.sha256,
    supplierId: file.supplierId,
    supplierNavn: supplierOf(ctx.settings, file.supplierId).navn,
    header: file.header,
    verdict: verdictOf(file, openHolds, notDone),
    counts: {
      read: file.read,
      accepted: file.accepted - file.unchanged - held - notUsed,
      rejected: file.rejected + notUsed,
      unchanged: file.unchanged,
      held,
    },
    findings,
    findingCounts: file.findingCounts,
    issued: opened.flatMap(({ lokalId, kind }) => {
      const nummer = lokalId === null ? undefined : numbers.get(lokalId)
      return nummer === undefined || lokalId === null ? [] : [{ lokalId, nummer, kind }]
    }),
    changes: { opret: count('opret'), opdater: count('opdater'), flyt: count('flyt'), nedlaeg: count('nedlaeg'), genaabn: 0 },
    held: openHolds.map((hold) => ({ slice: hold.slice, count: hold.count, cause: causeText(hold) })),
    next: nextText(file, openHolds, notDone, cutoffAt),
    ruleSet: file.ruleSet ?? '',
    nightDate: file.date,
    receivedAt: toIso(file.storedAt),
  }
  return [
    { ending: 'kvittering.json', text: buildReceiptJson(input) },
    { ending: 'kvittering.csv', text: buildReceiptCsv(input) },
    { ending: 'kvittering.txt', text: buildReceiptText(input) },
  ]
}

function deliveredDocuments(ctx: RegisterContext, file: DeliveryFile): Content[] {
  const deltas = ctx.register
    .read((tx: RegisterTx) => tx.outbox.ofFile(file.fileId))
    .filter((delta) => delta.state !== 'superseded')
  const missed = earliest(deltas.map(missedInTheEnd))
  const cutoff = missed ?? earliest(deltas.map(meantFor))
  const input: DeliveredInput = {
    fileName: file.name,
    sha256: file.sha256,
    supplierId: file.supplierId,
    numbers: deltas.map((delta) => ({
      nummer: delta.nummer,
      operation: delta.operation,
      acknowledgedAt: delta.acknowledgedAt === null ? null : toIso(delta.acknowledgedAt),
      refusedText:
        delta.state === 'refused' || delta.state === 'mismatched'
          ? `${delta.replyCode ?? ''} ${delta.replyText ?? ''}`.trim()
          : null,
      missed: toDocument(missedInTheEnd(delta)),
    })),
    cutoff: cutoff === null ? null : { navn: cutoff.navn, at: toIso(cutoff.at), met: missed === null },
  }
  return [{ ending: 'leveret.json', text: buildDeliveredJson(input) }]
}

function earliest(cutoffs: readonly (Cutoff | null)[]): Cutoff | null {
  return cutoffs.reduce((first, one) => (one !== null && (first === null || one.at < first.at) ? one : first), null)
}

function toDocument(cutoff: Cutoff | null): { readonly navn: string; readonly at: string } | null {
  return cutoff === null ? null : { navn: cutoff.navn, at: toIso(cutoff.at) }
}

function verdictOf(file: DeliveryFile, openHolds: readonly Hold[], notDone: readonly Hold[]): ReceiptInput['verdict'] {
  if (file.state === 'rejected') return 'afvist'
  if (file.state === 'deferred') return 'afventer'
  if (file.state === 'held') return openHolds.length > 0 ? 'tilbageholdt' : 'afvist'
  return file.rejected > 0 || openHolds.length + notDone.length > 0 ? 'delvist' : 'accepteret'
}

function nextText(
  file: DeliveryFile,
  openHolds: readonly Hold[],
  notDone: readonly Hold[],
  cutoffAt: number | null,
): BilingualText {
  if (file.state === 'rejected')
    return {
      da: 'Intet af filen er indlæst, og registret er urørt. Ret fejlen og send filen igen med et nyt løbenummer.',
      en: 'Nothing of the file was loaded and the register is untouched. Correct the fault and send the file again with a new running number.',
    }
  if (file.state === 'deferred') return deferredText(file.header?.gyldigFra ?? '')
  const until = cutoffAt === null ? null : toMinute(cutoffAt).replace(' ', ' kl. ')
  const push =
    until === null
      ? { da: 'Der er intet at sende til Unilogin.', en: 'There is nothing to send to Unilogin.' }
      : {
          da: `Ændringerne sendes til Unilogin inden ${until}; når de er bekræftet, kommer en .leveret-kvittering.`,
          en: `The changes go to Unilogin before ${until.replace(' kl. ', ' ')} Danish time; a .leveret receipt follows when they are confirmed.`,
        }
  const waits = {
    da: 'De tilbageholdte ændringer venter på en persons afgørelse.',
    en: "The held changes wait for a person's decision.",
  }
  return joined([push, ...(openHolds.length === 0 ? [] : [waits]), ...notDone.map(notDoneText)], ' ')
}

function deferredText(gyldigFra: BusinessDate): BilingualText {
  const date = toDanishDate(gyldigFra)
  return {
    da: `Filen træder i kraft ${date}; til da er registret uændret. Så bliver den holdt op mod registret, som det er den dag, og denne kvittering afløst af en ny. Skal en ændring ikke gennemføres, så send en ny delta-fil med samme dato og det, der skal gælde.`,
    en: `The file takes effect on ${date}; the register is unchanged until then. It is then held against the register as it is on that day, and this receipt is replaced by a new one. If a change is not to be made, send a new delta file with the same date and what is to hold.`,
  }
}

/** What became of changes that will not be made. */
function notDoneText({ slice, count, state }: Hold): BilingualText {
  const why =
    state === 'refused'
      ? { da: 'afvist af en person', en: 'refused by a person' }
      : { da: 'bortfaldet uden godkendelse', en: 'lapsed without an approval' }
  return {
    da: `${count} tilbageholdte (${slice}) er ${why.da}: registret er uændret for dem. Gælder de stadig, så send dem i en ny fil.`,
    en: `${count} held changes (${slice}) were ${why.en}: the register is unchanged for them. If they still hold, send them in a new file.`,
  }
}
