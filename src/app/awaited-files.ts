import { fileKey, learnFiles, type UsualFile, usualArrival } from '../domain/arrival-calendar.ts'
import { type Cutoff, isSameCutoff, nextCutoff } from '../domain/next-cutoff.ts'
import { once } from '../domain/once.ts'
import { addDays, type BusinessDate, type Instant, toBusinessDate } from '../domain/time.ts'
import type { Night } from '../ports/register/nights.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/** The kind of change that most files bring: a file that is not applied yet is meant for its cutoff. */
export const usualOperation = 'opdater'

/** A file that a supplier owes in a night and that is not here. */
export interface AwaitedFile {
  readonly date: BusinessDate
  readonly supplierId: string
  readonly kommuneKode: string
  /** Null when it never came on a night that the clock started. */
  readonly usual: UsualFile | null
  /** When it is usually here in this night; half-way to the end of the time for files when that is not known. */
  readonly usualAt: Instant
  /** False once nobody looks for it any more. */
  readonly looking: boolean
  /** The cutoff that it is meant for: the first one after it usually comes. */
  readonly cutoff: Cutoff | null
}

/** What is usual of a file, by its key; learned when it is first asked for, as most nights miss none. */
export type UsualFiles = (key: string) => UsualFile | undefined

/** What is usual of each file, from the nights before a date. */
export function usualFiles(ctx: RegisterContext, tx: RegisterTx, before: BusinessDate): UsualFiles {
  const learned = once(() => {
    const nights = tx.cutoffs.pastNights(before, ctx.settings.forecast.nights)
    return learnFiles(tx.cutoffs.pastFiles(nights), nights)
  })
  return (key) => learned().get(key)
}

/** The files that suppliers still owe in a night. */
export function awaitedFiles(
  ctx: RegisterContext,
  tx: RegisterTx,
  { date, openedAt, filesUntilAt }: Night,
  usual: UsualFiles,
): AwaitedFile[] {
  return tx.nights.suppliers(date).flatMap(({ supplierId, state, missing }) =>
    missing.map((kommuneKode): AwaitedFile => {
      const known = usual(fileKey(supplierId, kommuneKode)) ?? null
      const usualAt = known === null ? (openedAt + Math.max(openedAt, filesUntilAt)) / 2 : usualArrival(known, date)
      const cutoff = nextCutoff(ctx.settings.cutoffs, Math.max(openedAt, usualAt), usualOperation)
      return { date, supplierId, kommuneKode, usual: known, usualAt, looking: state === 'looking', cutoff }
    }),
  )
}

/** How many files that were meant for a cutoff are not here. */
export function countMissingFiles(ctx: RegisterContext, tx: RegisterTx, cutoff: Cutoff): number {
  const today = toBusinessDate(cutoff.at)
  const nights = [addDays(today, -1), today].flatMap((date) => tx.nights.find(date) ?? [])
  const awaited = nights.flatMap((night) => awaitedFiles(ctx, tx, night, usualFiles(ctx, tx, night.date)))
  return awaited.filter((file) => isSameCutoff(file.cutoff, cutoff)).length
}
