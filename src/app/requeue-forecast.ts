import { type BilingualText, many } from '../domain/bilingual-text.ts'
import { toMinute } from '../domain/time.ts'
import { fileStateWords } from '../domain/words.ts'
import type { JobName } from '../ports/jobs.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { JobFailure, RegisterTx } from '../ports/register.ts'
import { payloadOf } from './failure-payload.ts'

type Forecast = (tx: RegisterTx, failure: JobFailure) => BilingualText

/** Done meanwhile, by another job or another person: a step looks at the state it finds. */
const nothingLeft = { da: 'intet: det er gjort i mellemtiden', en: 'nothing: it was done meanwhile' }
const looksAgain = { da: 'trinnet køres igen', en: 'the step is run again' }

const forecasts: Partial<Record<JobName, Forecast>> = {
  pull: ofSupplier,
  intake: ofSupplier,
  validate: ofFile(['stored'], { da: 'kontrolleres igen', en: 'is checked again' }),
  'record-validation': ofFile(['stored'], { da: 'kontrolleres igen', en: 'is checked again' }),
  plan: ofFile(['validated', 'held', 'applied'], { da: 'planlægges igen', en: 'is planned again' }),
  apply: ofFile(['planned'], { da: 'indlæses', en: 'is applied' }),
  push: ofBatch('sent', { da: 'sendes igen til Unilogin', en: 'sent to Unilogin again' }),
  'record-delivery': ofBatch('sent', { da: 'får deres svar noteret', en: 'have their answers noted' }),
  confirm: ofBatch('acknowledged', { da: 'læses tilbage fra Unilogin', en: 'read back from Unilogin' }),
  'record-confirmation': ofBatch('acknowledged', { da: 'får deres læsning noteret', en: 'have their read-back noted' }),
  'prepare-receipt': ofReceipt,
  receipt: ofReceipt,
  'record-receipt': ofReceipt,
}

/** What re-queueing a failed job would come to, as the register stands now. */
export function forecastRequeue(tx: RegisterTx, failure: JobFailure): BilingualText {
  return forecasts[failure.job]?.(tx, failure) ?? looksAgain
}

function ofSupplier(_tx: RegisterTx, failure: JobFailure): BilingualText {
  const { supplierId } = payloadOf(failure)
  return { da: `${supplierId}s mappe ses igennem igen`, en: `the folder of ${supplierId} is looked through again` }
}

/** @param from States that the step starts from; in any other it does nothing. */
function ofFile(from: readonly string[], what: BilingualText): Forecast {
  return (tx, failure) => {
    const file = tx.files.find(payloadOf(failure).fileId ?? '')
    if (file === null) return looksAgain
    if (from.includes(file.state)) return { da: `${file.name} ${what.da}`, en: `${file.name} ${what.en}` }
    const { da, en } = fileStateWords[file.state]
    return { da: `intet: ${file.name} er ${da}`, en: `nothing: ${file.name} is ${en}` }
  }
}

/** How many changes of a batch are still to go, and by when. */
function ofBatch(state: OutboxDelta['state'], what: BilingualText): Forecast {
  return (tx, failure) => {
    const batch = tx.outbox.ofBatch(payloadOf(failure).batchId ?? '')
    if (batch.length === 0) return looksAgain
    const left = batch.filter((delta) => delta.state === state)
    if (left.length === 0) return nothingLeft
    const count = many(left.length, { da: 'ændring', en: 'change' }, { da: 'ændringer', en: 'changes' })
    const due = Math.min(...left.map(({ cutoffAt }) => cutoffAt ?? Number.POSITIVE_INFINITY))
    const [da, en] = Number.isFinite(due) ? [`, frist ${toMinute(due)}`, `, due ${toMinute(due)}`] : ['', '']
    return { da: `${count.da} ${what.da}${da}`, en: `${count.en} ${what.en}${en}` }
  }
}

function ofReceipt(tx: RegisterTx, failure: JobFailure): BilingualText {
  const { receiptId, fileId } = payloadOf(failure)
  const receipt = receiptId === undefined ? null : tx.files.findReceipt(receiptId)
  if (receipt?.state === 'delivered') return nothingLeft
  const file = tx.files.find(receipt?.fileId ?? fileId ?? '')
  if (file === null) return looksAgain
  const { name, supplierId } = file
  return {
    da: `kvitteringen for ${name} afleveres hos ${supplierId}`,
    en: `the receipt of ${name} is delivered to ${supplierId}`,
  }
}
