import type { ChangeOperation, GuardSlice } from '../domain/change-plan.ts'
import type { FindingLevel } from '../domain/finding.ts'
import type { DeltaState, FileState } from '../domain/flow.ts'
import { kommuner } from '../domain/kommuner.ts'
import type { LedgerType } from '../domain/ledger.ts'
import type { Role } from '../domain/roles.ts'
import { type Instant, toWallTime } from '../domain/time.ts'
import type { UnitKind } from '../domain/unit.ts'
import type { Hold } from '../ports/register/files.ts'

/* What the console calls things. Nouns of the register are as in the law; states are what a person would say. */

export const fileStateWords = {
  stored: 'modtaget',
  validated: 'kontrolleret',
  deferred: 'venter på sin dato',
  planned: 'planlagt',
  held: 'tilbageholdt',
  applied: 'indlæst',
  delivered: 'leveret',
  rejected: 'afvist',
} as const satisfies Record<FileState, string>

export const deltaStateWords = {
  waiting: 'venter på en anden ændring',
  ready: 'klar til afsendelse',
  sent: 'sendt, intet svar endnu',
  unknown: 'uvist svar, prøves igen',
  acknowledged: 'kvitteret',
  confirmed: 'kvitteret og læst tilbage',
  refused: 'afvist af Unilogin',
  mismatched: 'Unilogin viser noget andet',
  superseded: 'erstattet af en nyere ændring',
} as const satisfies Record<DeltaState, string>

export const holdStateWords = {
  open: 'venter',
  approved: 'godkendt',
  refused: 'afvist',
  expired: 'bortfaldet',
} as const satisfies Record<Hold['state'], string>

export const sliceWords = {
  nedlaeg: 'nedlæggelser',
  flyt: 'flytninger',
  ejerskab: 'ændringer af ejerskab eller lovgrundlag',
  omdoeb: 'nye navne',
  identitet: 'ændringer af CVR- eller P-nummer',
  regel: 'ændringer, som en regel beder et menneske se på',
} as const satisfies Record<GuardSlice, string>

export const operationWords = {
  opret: 'oprettes',
  flyt: 'flyttes',
  opdater: 'ændres',
  nedlaeg: 'nedlægges',
  omnoegl: 'får nyt id hos leverandøren',
} as const satisfies Record<ChangeOperation, string>

export const kindWords = {
  daginstitution: 'Daginstitution',
  anvisningsenhed: 'Anvisningsenhed',
  alternativAdresse: 'Alternativ adresse',
} as const satisfies Record<UnitKind, string>

export const levelWords = {
  file: 'filen afvist',
  record: 'rækken afvist',
  hold: 'venter på et menneske',
  warning: 'advarsel',
  note: 'til orientering',
} as const satisfies Record<FindingLevel, string>

export const roleWords = {
  se: 'se',
  betjene: 'betjene',
  godkende: 'godkende',
  admin: 'administrere',
} as const satisfies Record<Role, string>

export const ledgerWords: Readonly<Record<LedgerType, string>> = {
  file: 'fil modtaget',
  plan: 'plan lagt',
  decision: 'afgørelse',
  apply: 'indlæst',
  delivery: 'sendt til Unilogin',
  confirmation: 'læst tilbage',
  receipt: 'kvittering',
  requeue: 'sat i kø igen',
  load: 'grunddata',
  link: 'slægtskab',
  upkeep: 'vedligehold',
  user: 'bruger',
  cutoff: 'frist passeret',
  outage: 'Unilogin nede',
  step: 'trin',
}

/** A time as people read it: Copenhagen's wall clock to the minute. */
export function clock(at: Instant | null): string {
  return at === null ? '–' : toWallTime(at).slice(0, 16).replace('T', ' ')
}

export function kommuneText(kode: string | null): string {
  return kode === null ? '–' : `${kommuner.get(kode)?.navn ?? 'ukendt'} (${kode})`
}

/** A count with its noun. */
export function many(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}
