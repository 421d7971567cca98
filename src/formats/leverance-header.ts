import { isLongerThan, trimBlanks } from '../domain/checks/characters.ts'
import { isDigits } from '../domain/checks/digits.ts'
import { type DeliveryHeader, leveranceKinds } from '../domain/delivery-file.ts'
import { parseKommuneKode } from '../domain/ids.ts'
import { isBusinessDate } from '../domain/time.ts'
import { unitKinds } from '../domain/unit.ts'
import type { HeaderElement } from './leverance-elements.ts'

/** What is wrong with a header value: the finding's code and the element it is about. */
export interface HeaderFault {
  readonly code: 'FIL-13' | 'FIL-27'
  readonly element: HeaderElement
}

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** Reads the values of `hoved`; gives the first fault instead when there is one. All elements that must be are there. */
export function parseLeveranceHeader(values: ReadonlyMap<HeaderElement, string>): DeliveryHeader | HeaderFault {
  const value = (element: HeaderElement): string => collapse(values.get(element) ?? '')
  const leverandoer = values.get('leverandoer') ?? ''
  if (trimBlanks(leverandoer) === '' || isLongerThan(leverandoer, 132)) return { code: 'FIL-13', element: 'leverandoer' }
  if (!/^0?[0-9]{3}$/.test(value('kommuneKode'))) return { code: 'FIL-13', element: 'kommuneKode' }
  const art = leveranceKinds.find((kind) => kind === value('art'))
  if (art === undefined) return { code: 'FIL-13', element: 'art' }
  if (!isDigits(value('loebenummer'), 1, 9)) return { code: 'FIL-13', element: 'loebenummer' }
  if (!instantPattern.test(value('dannet'))) return { code: 'FIL-13', element: 'dannet' }
  if (!isDigits(value('antal'), 1, 9)) return { code: 'FIL-13', element: 'antal' }
  const named = value('niveauer').split(' ')
  const niveauer = unitKinds.filter((kind) => named.includes(kind))
  if (niveauer.length === 0 || niveauer.join(' ') !== named.join(' ')) return { code: 'FIL-13', element: 'niveauer' }
  const gyldigFra = values.has('gyldigFra') ? value('gyldigFra') : null
  if (gyldigFra !== null && !isBusinessDate(gyldigFra)) return { code: 'FIL-13', element: 'gyldigFra' }
  const kommuneKode = parseKommuneKode(value('kommuneKode'))
  if (kommuneKode === null) return { code: 'FIL-27', element: 'kommuneKode' }
  return {
    format: 'leverance-xml',
    leverandoer: trimBlanks(leverandoer),
    kommuneKode,
    art,
    loebenummer: Number(value('loebenummer')),
    dannet: value('dannet'),
    antal: Number(value('antal')),
    niveauer,
    gyldigFra,
  }
}

/** White space as the schema's token types see it. */
function collapse(text: string): string {
  return trimBlanks(text).replace(/[ \t\n\r]+/g, ' ')
}
