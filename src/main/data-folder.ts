import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'

/** Where the parts of the truth lie in the data folder. */
export function registerPath({ dataDir }: Pick<Settings, 'dataDir'>): string {
  return join(dataDir, 'register.sqlite')
}

export function filesFolder({ dataDir }: Pick<Settings, 'dataDir'>): string {
  return join(dataDir, 'files')
}
