import { FatalError } from '../domain/errors.ts'
import { cursorBehind, fits, parseCursor } from '../domain/export-cursor.ts'
import { toIso } from '../domain/time.ts'
import { toUnitDocument } from '../formats/write-register-eksport.ts'
import type { UnitVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { lastCursor, registerId } from './export-register.ts'

/** Changes in one answer, when not said, and at most. */
export const changesPerPage = { default: 1_000, most: 10_000 }

/**
 * One page of the states that were told after a place, in the order they were told, none left out: a reader that starts at
 * 0, applies each page and goes on at `naeste` holds the register. States of the past come too, with the time they hold
 * from. Schema: config/schemas/aendringer-1.schema.json.
 * @param since What an earlier page or export gave as `naeste`; '0' for everything.
 * @throws EXPORT_POSITION_UNKNOWN when the register does not hold that place any more, as after a restore
 */
export function exportChanges(ctx: Pick<RegisterContext, 'register'>, { since, limit }: { since: string; limit: number }) {
  return ctx.register.read((tx) => {
    assertKnown(tx, since)
    const changes = tx.units.changesSince(Number.parseInt(since, 10), limit)
    const naeste = changes.length === 0 ? since : cursorBehind(changes.at(-1) ?? null)
    return {
      format: 'dagtilbud-aendringer-1' as const,
      register: registerId(tx.ledger),
      siden: since,
      naeste,
      /** False when this page ends where the register does. */
      flere: (changes.at(-1)?.position ?? Number.parseInt(since, 10)) < tx.units.lastPosition(),
      aendringer: changes.map(toChange),
    }
  })
}

function toChange(version: UnitVersion) {
  return { position: version.position ?? 0, registreret: toIso(version.recordedFrom), ...toUnitDocument(version) }
}

function assertKnown(tx: RegisterTx, since: string): void {
  const cursor = parseCursor(since)
  const told = cursor === null ? null : (tx.units.changesSince(cursor.position - 1, 1)[0] ?? null)
  if (cursor !== null && fits(cursor, told)) return
  const last = lastCursor(tx.units)
  throw new FatalError(
    'EXPORT_POSITION_UNKNOWN',
    `changes since "${since.slice(0, 60)}" were asked for; the register ends at ${last} and did not tell that there`,
    {
      dataState: 'nothing was exported or changed; what you hold may differ from the register',
      hint: 'take a full export and go on from its "naeste"; the register may have been restored from a backup',
      facts: { last },
    },
  )
}
