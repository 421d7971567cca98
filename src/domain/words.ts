import { type BilingualText, inBoth, joined } from './bilingual-text.ts'
import type { ChangeOperation, GuardSlice } from './change-plan.ts'
import type { FindingLevel } from './finding.ts'
import type { DeltaState, FileState, HoldState } from './flow.ts'
import type { Risk, RiskCause } from './forecast.ts'
import { kommuner } from './kommuner.ts'
import type { LedgerType } from './ledger.ts'
import type { LinkEvidence, LinkRelation, UnitLink } from './lineage.ts'
import type { MissedWhy } from './missed-cutoff.ts'
import type { Role } from './roles.ts'
import { toSecond } from './time.ts'
import type { UnitKind, UnitStatus } from './unit.ts'

/* What things are called to a person. Nouns of the register are as in the law; states are what a person would say. */

/** Who must act. */
export const actorWords = {
  operator: { da: 'operator', en: 'operator' },
  leverandør: { da: 'leverandør', en: 'supplier' },
  kommune: { da: 'kommune', en: 'municipality' },
  os: { da: 'os', en: 'us' },
} as const satisfies Record<string, BilingualText>
export type Actor = keyof typeof actorWords

export const fileStateWords = {
  stored: { da: 'modtaget', en: 'received' },
  validated: { da: 'kontrolleret', en: 'checked' },
  deferred: { da: 'venter på sin dato', en: 'waits for its date' },
  planned: { da: 'planlagt', en: 'planned' },
  held: { da: 'tilbageholdt', en: 'held' },
  applied: { da: 'indlæst', en: 'applied' },
  delivered: { da: 'leveret', en: 'delivered' },
  rejected: { da: 'afvist', en: 'rejected' },
} as const satisfies Record<FileState, BilingualText>

export const deltaStateWords = {
  waiting: { da: 'venter på en anden ændring', en: 'waits for another change' },
  ready: { da: 'klar til afsendelse', en: 'ready to be sent' },
  sent: { da: 'sendt, intet svar endnu', en: 'sent, no answer yet' },
  unknown: { da: 'uvist svar, prøves igen', en: 'unclear answer, is tried again' },
  acknowledged: { da: 'kvitteret', en: 'acknowledged' },
  confirmed: { da: 'kvitteret og læst tilbage', en: 'acknowledged and read back' },
  refused: { da: 'afvist af Unilogin', en: 'refused by Unilogin' },
  mismatched: { da: 'Unilogin viser noget andet', en: 'Unilogin shows something else' },
  superseded: { da: 'erstattet af en nyere ændring', en: 'replaced by a later change' },
} as const satisfies Record<DeltaState, BilingualText>

export const holdStateWords = {
  open: { da: 'venter', en: 'waits' },
  approved: { da: 'godkendt', en: 'approved' },
  refused: { da: 'afvist', en: 'refused' },
  expired: { da: 'bortfaldet', en: 'lapsed' },
} as const satisfies Record<HoldState, BilingualText>

export const sliceWords = {
  nedlaeg: { da: 'nedlæggelser', en: 'closings' },
  flyt: { da: 'flytninger', en: 'moves' },
  ejerskab: { da: 'ændringer af ejerskab eller lovgrundlag', en: 'changes of ownership or legal ground' },
  omdoeb: { da: 'nye navne', en: 'new names' },
  identitet: { da: 'ændringer af CVR- eller P-nummer', en: 'changes of CVR or P number' },
  regel: { da: 'ændringer, som en regel beder et menneske se på', en: 'changes that a rule asks a person to look at' },
} as const satisfies Record<GuardSlice, BilingualText>

export const operationWords = {
  opret: { da: 'oprettes', en: 'opened' },
  flyt: { da: 'flyttes', en: 'moved' },
  opdater: { da: 'ændres', en: 'changed' },
  nedlaeg: { da: 'nedlægges', en: 'closed' },
  omnoegl: { da: 'får nyt id hos leverandøren', en: 'gets a new id at the supplier' },
} as const satisfies Record<ChangeOperation, BilingualText>

export const statusWords = {
  aktiv: { da: 'aktiv', en: 'open' },
  nedlagt: { da: 'nedlagt', en: 'closed' },
} as const satisfies Record<UnitStatus, BilingualText>

export const kindWords = {
  daginstitution: { da: 'Daginstitution', en: 'Daycare institution' },
  anvisningsenhed: { da: 'Anvisningsenhed', en: 'Placement unit' },
  alternativAdresse: { da: 'Alternativ adresse', en: 'Alternative address' },
} as const satisfies Record<UnitKind, BilingualText>

const relationWords = {
  afloest: { da: 'afløst af', en: 'followed by' },
  'lagt-sammen': { da: 'lagt sammen i', en: 'merged into' },
  udskilt: { da: 'udskilt som', en: 'split off as' },
} as const satisfies Record<LinkRelation, BilingualText>

const evidenceWords = {
  fil: { da: 'leverandørens fil', en: "the supplier's file" },
  udledt: { da: 'udledt af os', en: 'inferred by us' },
  person: { da: 'en person', en: 'a person' },
} as const satisfies Record<LinkEvidence, BilingualText>

/** How one unit follows from another, who says so, and when. */
export function linkText({ fromNummer, toNummer, relation, evidence, actor, recordedAt, reason }: UnitLink): BilingualText {
  const why = reason === null ? '' : `: ${reason}`
  const said = `${actor}, ${toSecond(recordedAt)}${why}`
  return inBoth((say) => `${fromNummer} ${say(relationWords[relation])} ${toNummer} (${say(evidenceWords[evidence])}, ${said})`)
}

export const levelWords = {
  file: { da: 'filen afvist', en: 'file refused' },
  record: { da: 'posten afvist', en: 'record refused' },
  hold: { da: 'posten tilbageholdt', en: 'record held' },
  warning: { da: 'advarsel', en: 'warning' },
  note: { da: 'bemærkning', en: 'note' },
} as const satisfies Record<FindingLevel, BilingualText>

export const missedWords = {
  'for-sent': { da: 'kvitteret for sent', en: 'acknowledged too late' },
  venter: { da: 'venter på en anden ændring', en: 'waits for another change' },
  klar: { da: 'ikke sendt endnu', en: 'not sent yet' },
  undervejs: { da: 'sendt, men intet svar endnu', en: 'sent, but no answer yet' },
  uvis: { da: 'intet klart svar', en: 'no clear answer' },
  afvist: { da: 'afvist af Unilogin', en: 'refused by Unilogin' },
  aftale: { da: 'mangler dataaftale', en: 'no data agreement' },
  tilbageholdt: { da: 'ikke afgjort', en: 'not decided' },
} as const satisfies Record<MissedWhy, BilingualText>

const riskWords = {
  afvist: { da: 'ændringer, som Unilogin har afvist', en: 'changes that Unilogin has refused' },
  fil: { da: 'en fil, der kommer for sent eller slet ikke', en: 'a file that comes late or not at all' },
  indlaesning: { da: 'indlæsningen er langsom', en: 'files are applied slowly' },
  nede: { da: 'Unilogin svarer ikke', en: 'Unilogin does not answer' },
  afsendelse: { da: 'Unilogin er langsom', en: 'Unilogin is slow' },
} as const satisfies Record<RiskCause, BilingualText>

/** What can keep a cutoff from being met, how likely, and whose it is. */
export function riskText({ cause, supplierId, probability }: Risk): BilingualText {
  const { da, en } = riskWords[cause]
  const facts = [...(supplierId ? [supplierId] : []), percent(probability)].join(', ')
  return { da: `${da} (${facts})`, en: `${en} (${facts})` }
}

export const roleWords = {
  se: { da: 'se', en: 'look' },
  betjene: { da: 'betjene', en: 'operate' },
  godkende: { da: 'godkende', en: 'approve' },
  admin: { da: 'administrere', en: 'administer' },
} as const satisfies Record<Role, BilingualText>

export const ledgerWords = {
  file: { da: 'fil modtaget', en: 'file received' },
  plan: { da: 'plan lagt', en: 'plan made' },
  decision: { da: 'afgørelse', en: 'decision' },
  apply: { da: 'indlæst', en: 'applied' },
  delivery: { da: 'sendt til Unilogin', en: 'sent to Unilogin' },
  confirmation: { da: 'læst tilbage', en: 'read back' },
  receipt: { da: 'kvittering', en: 'receipt' },
  requeue: { da: 'sat i kø igen', en: 're-queued' },
  dismissal: { da: 'opgivet', en: 'dismissed' },
  load: { da: 'grunddata', en: 'baseline' },
  link: { da: 'slægtskab', en: 'lineage' },
  upkeep: { da: 'vedligehold', en: 'upkeep' },
  user: { da: 'bruger', en: 'user' },
  cutoff: { da: 'frist passeret', en: 'cutoff passed' },
  outage: { da: 'Unilogin nede', en: 'Unilogin down' },
  drift: { da: 'afstemt med Unilogin', en: 'reconciled with Unilogin' },
  step: { da: 'trin', en: 'step' },
} as const satisfies Record<LedgerType, BilingualText>

/** How many things are in each state, in the order in which they pass through them. */
export function countsText<State extends string>(
  byState: Readonly<Partial<Record<State, number>>>,
  words: Readonly<Record<State, BilingualText>>,
): BilingualText {
  const counts = (Object.keys(words) as State[]).flatMap((state) => {
    const count = byState[state] ?? 0
    return count === 0 ? [] : [inBoth((say) => `${count} ${say(words[state])}`)]
  })
  return counts.length === 0 ? { da: 'ingen', en: 'none' } : joined(counts, ', ')
}

/** A chance; never quite none or all. */
export function percent(share: number): string {
  const whole = Math.round(share * 100)
  if (whole === 0 && share > 0) return '<1 %'
  if (whole === 100 && share < 1) return '>99 %'
  return `${whole} %`
}

/** A municipality by its name and code. */
export function kommuneText(kode: string | null): string {
  const navn = kode === null ? undefined : kommuner.get(kode)?.navn
  return navn === undefined ? (kode ?? '–') : `${navn} (${kode})`
}
