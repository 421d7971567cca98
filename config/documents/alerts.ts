import { z } from 'zod'
import { alertKinds, noticeKinds } from '../../src/domain/alert.ts'
import { count, date, isoTime } from './parts.ts'

/** What the webhook of the alerts gets. */
export const BeskedDocument = z.strictObject({
  format: z.literal('dagtilbud-besked-1'),
  /** The same when the message is sent again. */
  id: z.string(),
  art: z.enum(noticeKinds).exclude(['rapport']),
  lavet: isoTime,
  /** Of a test. */
  dato: date.nullable(),
  varsel: z
    .strictObject({
      /** The same in every message about this alert. */
      id: z.string(),
      aarsag: z.enum(alertKinds),
      emne: z.string(),
      hvem: z.enum(['operator', 'leverandør', 'kommune']),
      /** Null once it is not seen any more. */
      hvad: z.string().nullable(),
      begyndt: isoTime,
      senest: isoTime.nullable(),
      paamindelser: count,
      slut: isoTime.nullable(),
    })
    .nullable(),
  link: z.string().nullable(),
})
