import { FatalError } from '../domain/errors.ts'
import { type BusinessDate, isBusinessDate } from '../domain/time.ts'

/** The date of a night as a person gives it. @throws NIGHT_DATE_INVALID */
export function parseNightDate(text: string): BusinessDate {
  if (isBusinessDate(text)) return text
  throw new FatalError('NIGHT_DATE_INVALID', `asking for the night "${text}", which is not a date`, {
    dataState: 'nothing was read or changed',
    hint: 'give a date as YYYY-MM-DD',
  })
}
