import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'

/** A file whose header names the date it holds from. */
export type DatedFile = DeliveryFile & { readonly header: DeliveryHeader & { readonly gyldigFra: BusinessDate } }

/** True when a file holds from a date whose night has not been opened yet: it waits for it. */
export function holdsLater(tx: RegisterTx, file: Pick<DeliveryFile, 'date'>, { gyldigFra }: DeliveryHeader): boolean {
  const newest = tx.nights.latest()?.date ?? file.date
  return gyldigFra !== null && gyldigFra > newest
}

/** The files that wait for their date: the earliest first, of one date in the order of their running numbers. */
export function deferredFiles(tx: RegisterTx): readonly DatedFile[] {
  return tx.files.inStates(['deferred']).filter(isDated).sort(byDate)
}

/** True when a file took effect in a later night than the one it came in. */
export function waitedForItsDate(tx: RegisterTx, file: DeliveryFile): file is DatedFile {
  return isDated(file) && tx.nights.arrivalsOfFile(file.fileId).some(({ date }) => date < file.date)
}

/**
 * Files in the order in which they are planned: those that waited by their dates, as if the program had run on every one
 * of them; then the others as they stand, by running number.
 */
export function effectOrder(tx: RegisterTx, files: readonly DeliveryFile[]): readonly DeliveryFile[] {
  const waited = files.filter((file) => waitedForItsDate(tx, file))
  return [...waited.sort(byDate), ...files.filter((file) => !(waited as readonly DeliveryFile[]).includes(file))]
}

function isDated(file: DeliveryFile): file is DatedFile {
  return Boolean(file.header?.gyldigFra)
}

function byDate({ header: a }: DatedFile, { header: b }: DatedFile): number {
  return a.gyldigFra === b.gyldigFra ? a.loebenummer - b.loebenummer : a.gyldigFra < b.gyldigFra ? -1 : 1
}
