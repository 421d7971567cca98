import type { Settings, Supplier } from '../../config/settings.ts'
import type { Mandate } from '../domain/delivery-file.ts'
import { ConfigError } from '../domain/errors.ts'

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

/** Which units a supplier may speak for, from its settings. */
export function mandateOf(settings: Settings, supplierId: string): Mandate {
  const { id, kommuner, ejerformer } = supplierOf(settings, supplierId)
  return { supplierId: id, kommuner, ejerformer }
}
