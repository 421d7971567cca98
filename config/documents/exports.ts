import { z } from 'zod'
import { isoTime, nummer, unitFields, unitKind, unitStatus } from './parts.ts'

const cursor = z.string().regex(/^(0|\d+\.[0-9a-f]{12})$/)
const registerId = z.string().regex(/^[0-9a-f]{16}$/)
const Enhed = z.strictObject({
  nummer,
  art: unitKind,
  overordnet: nummer.nullable(),
  status: unitStatus,
  /** Of the daginstitution above, or itself. */
  admKommuneKode: z.string(),
  ejerformKode: z.string(),
  gyldigFra: isoTime,
  felter: unitFields,
})

/** A full export as JSON. */
export const EksportDocument = z.strictObject({
  format: z.literal('dagtilbud-eksport-1'),
  register: registerId,
  /** Where the changes after it begin. */
  naeste: cursor,
  kommune: z.string().nullable(),
  niveau: unitKind.nullable(),
  gaelder: isoTime.nullable(),
  kendt: isoTime.nullable(),
  enheder: z.array(Enhed),
})

/** A page of changes. */
export const AendringerDocument = z.strictObject({
  format: z.literal('dagtilbud-aendringer-1'),
  register: registerId,
  siden: z.string().regex(/^\d+(\.[0-9a-f]{12})?$/),
  naeste: z.string().regex(/^\d+(\.[0-9a-f]{12})?$/),
  /** False when the page ends where the register does. */
  flere: z.boolean(),
  aendringer: z.array(Enhed.extend({ position: z.number().int().min(1), registreret: isoTime })),
})
