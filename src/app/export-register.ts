import { cursorBehind } from '../domain/export-cursor.ts'
import { canonicalJson, sha256Hex } from '../domain/ids.ts'
import { ledgerStart } from '../domain/ledger.ts'
import { newest } from '../domain/moment.ts'
import { createCsvEksport, createJsonEksport, lovgrundlagTal } from '../formats/write-register-eksport.ts'
import type { AsOf, UnitRows } from '../ports/register/units.ts'
import type { RegisterSnapshot, RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { type ExportRequest, slugOf } from './export-request.ts'

/** Characters handed out at a time. */
const chunkChars = 64 * 1024

/** An export under way. Whoever opened it closes it. */
export interface OpenExport {
  /** Changes when the register or the request does, and never otherwise. */
  readonly etag: string
  /** Where the changes after this export begin. */
  readonly cursor: string
  readonly fileName: string
  readonly contentType: string
  /** The file, piece by piece; the same register and request give the same text. */
  readonly chunks: IterableIterator<string>
  /** How many units have been written so far. */
  units(): number
  close(): void
}

/**
 * Writes the register as it is asked for, at one moment: now, or that of a snapshot. Memory does not depend on its size but
 * for one number per unit.
 */
export function openExport(
  ctx: Pick<RegisterContext, 'register' | 'settings'>,
  request: ExportRequest,
  snapshot: RegisterSnapshot = ctx.register.snapshot(),
): OpenExport {
  const { format, niveau, kommune, gaelder, kendt } = request
  const register = registerId(snapshot.ledger)
  const cursor = lastCursor(snapshot.units)
  const tal = lovgrundlagTal(ctx.settings.kodetabeller.lovgrundlag)
  const writer =
    format === 'csv'
      ? createCsvEksport(niveau, tal)
      : createJsonEksport({ register, naeste: cursor, kommune, niveau, gaelder, kendt })
  let count = 0

  function* chunks(): IterableIterator<string> {
    let text = writer.head
    for (const unit of snapshot.units.allAsOf(momentOf(request), kommune === null ? {} : { kommuneKode: kommune })) {
      const line = writer.unit(unit)
      if (line === '') continue
      count += 1
      text += line
      if (text.length < chunkChars) continue
      yield text
      text = ''
    }
    yield text + writer.tail
  }

  return {
    etag: `"${sha256Hex(canonicalJson([register, cursor, request, format === 'csv' ? ctx.settings.kodetabeller : null])).slice(0, 32)}"`,
    cursor,
    fileName: fileNameOf(request),
    contentType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
    chunks: chunks(),
    units: () => count,
    close: () => snapshot.close(),
  }
}

/**
 * The moment that is asked about. With `kendt` alone it is the register as it stood then; with neither its newest state,
 * which no setting back of a clock can hide.
 */
export function momentOf({ gaelder, kendt }: Pick<ExportRequest, 'gaelder' | 'kendt'>): AsOf {
  return { at: gaelder ?? kendt ?? newest, knownAt: kendt ?? newest }
}

/** Tells one register from another: the hash its ledger begins with. The same after a restore; a cursor's mark is not. */
export function registerId(ledger: RegisterTx['ledger']): string {
  return (ledger.first()?.hash ?? ledgerStart).slice(0, 16)
}

/** Where the register's changes end now. */
export function lastCursor(units: Pick<UnitRows, 'lastPosition' | 'changesSince'>): string {
  return cursorBehind(units.changesSince(units.lastPosition() - 1, 1)[0] ?? null)
}

/** 'dagtilbud-101-anvisningsenhed.csv' */
function fileNameOf({ kommune, niveau, format }: ExportRequest): string {
  return ['dagtilbud', ...(kommune === null ? [] : [kommune]), slugOf(niveau)].join('-').concat('.', format)
}
