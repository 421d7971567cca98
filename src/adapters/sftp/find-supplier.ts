import type { Supplier } from '../../../config/settings.ts'
import { ConfigError } from '../../domain/errors.ts'

/** The settings of a supplier. @throws CONFIG_SETTING_INVALID when there are none, such as for a job of a supplier that was taken out */
export function findSupplier(suppliers: readonly Supplier[], supplierId: string): Supplier {
  const supplier = suppliers.find(({ id }) => id === supplierId)
  if (supplier !== undefined) return supplier
  throw new ConfigError('CONFIG_SETTING_INVALID', `no supplier "${supplierId}" in the settings`, {
    dataState: 'nothing was fetched or delivered',
    hint: 'put the supplier back into the settings, or withdraw its jobs',
    facts: { supplierId },
  })
}
