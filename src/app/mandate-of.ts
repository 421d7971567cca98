import { kommunerOn } from '../../config/mandates.ts'
import type { Settings, Supplier } from '../../config/settings.ts'
import type { Mandate } from '../domain/delivery-file.ts'
import { ConfigError } from '../domain/errors.ts'
import type { BusinessDate } from '../domain/time.ts'

/** The supplier as the settings know it. @throws CONFIG_SETTING_INVALID when it is gone from the settings. */
export function supplierOf(settings: Settings, supplierId: string): Supplier {
  const supplier = settings.suppliers.find((candidate) => candidate.id === supplierId)
  if (supplier !== undefined) return supplier
  throw new ConfigError('CONFIG_SETTING_INVALID', `looked for supplier "${supplierId}" in the settings and did not find it`, {
    dataState: 'its files stay as they are',
    hint: 'put the supplier back under "suppliers", or let its files rest',
    facts: { supplierId },
  })
}

/** Which units a supplier may speak for in the night of a business date, from its settings. */
export function mandateOf(settings: Settings, supplierId: string, date: BusinessDate): Mandate {
  const { id, kommuner, ejerformer } = supplierOf(settings, supplierId)
  return { supplierId: id, kommuner: kommunerOn(kommuner, date), ejerformer }
}

/** True when a municipality has chosen the supplier on a date; a supplier that is gone from the settings speaks for nobody. */
export function speaksFor(settings: Settings, supplierId: string, kommuneKode: string, date: BusinessDate): boolean {
  if (!settings.suppliers.some(({ id }) => id === supplierId)) return false
  const { kommuner } = mandateOf(settings, supplierId, date)
  return kommuner === 'alle' || kommuner.includes(kommuneKode)
}

/** Municipalities whose file a supplier owes in the night of a business date. */
export function expectedOf(settings: Settings, supplierId: string, date: BusinessDate): string[] {
  return supplierOf(settings, supplierId).expects.filter((kommune) => speaksFor(settings, supplierId, kommune, date))
}
