import type { Clock } from '../../ports/clock.ts'
import { type AgreementStore, openAgreementStore } from './agreement-store.ts'
import { type CallLog, openCallLog } from './call-log.ts'
import { type InstitutionStore, openInstitutionStore } from './institution-store.ts'
import { openSandboxDatabase, type SandboxDatabase } from './open-sandbox-database.ts'
import { openSandboxClock, type SandboxClock } from './sandbox-clock.ts'
import type { SandboxSystem } from './sandbox-settings.ts'
import { openSystemStore, type SystemStore } from './system-store.ts'
import { openWeatherStore, type WeatherStore } from './weather-store.ts'

/** Everything the sandbox remembers; all of it lies in one SQLite file and outlives a restart. */
export interface SandboxState {
  readonly database: SandboxDatabase
  readonly clock: SandboxClock
  readonly institutions: InstitutionStore
  readonly agreements: AgreementStore
  readonly systems: SystemStore
  readonly weather: WeatherStore
  readonly calls: CallLog
  /** Back to how a new file starts; the clock too. */
  reset(): void
  close(): void
}

export interface SandboxStateOptions {
  readonly stateFile: string
  readonly clock: Clock
  readonly seed: number
  /** Let in when the file is new, and after a reset. */
  readonly systems: readonly SandboxSystem[]
}

export function openSandboxState(options: SandboxStateOptions): SandboxState {
  const database = openSandboxDatabase(options.stateFile)
  const clock = openSandboxClock(database, options.clock)
  const systems = openSystemStore(database)
  const agreements = openAgreementStore(database, clock)
  const weather = openWeatherStore(database, options.seed)
  if (systems.list().length === 0) systems.replace(options.systems)
  return {
    database,
    clock,
    institutions: openInstitutionStore(database),
    agreements,
    systems,
    weather,
    calls: openCallLog(database),
    reset() {
      database.exec(
        'DELETE FROM institution; DELETE FROM institution_version; DELETE FROM source_clock; DELETE FROM agreement; DELETE FROM agreement_history; DELETE FROM call; DELETE FROM call_counter',
      )
      weather.replace([])
      agreements.setNewNumbers('approve')
      systems.replace(options.systems)
      clock.set(options.clock.now())
    },
    close: () => database.close(),
  }
}
