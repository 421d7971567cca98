import { z } from 'zod'
import { BeskedDocument } from './alerts.ts'
import { CutoffsDocument } from './cutoffs.ts'
import {
  DecisionDocument,
  DismissedDocument,
  HoldDocument,
  HoldsDocument,
  JobsDocument,
  PlanDocument,
  RequeuedDocument,
} from './decisions.ts'
import { CheckDocument, DeliveredDocument, ReceiptDocument } from './deliveries.ts'
import { AendringerDocument, EksportDocument } from './exports.ts'
import { DemoDocument, LiveNightDocument, NightDocument, OrderedNightDocument } from './nights.ts'
import { BaselineDocument, ExplanationDocument, LinkDocument, QualityDocument, UnitDocument } from './units.ts'
import {
  BackupDocument,
  DoctorDocument,
  ProofDocument,
  RestoreDocument,
  SandboxDocument,
  UserDocument,
  UsersDocument,
} from './upkeep.ts'

/*
 * Every JSON document we hand out, by the name its `format` has without `dagtilbud-`. The JSON schemas in config/schemas are
 * made from these; a test holds the schemas and the documents against them.
 */

const handedOver = {
  'kvittering-1': { title: 'Kvittering for en leverance', schema: ReceiptDocument },
  'leveret-1': { title: 'Kvittering for levering til Unilogin', schema: DeliveredDocument },
  'besked-1': { title: 'Besked til driften', schema: BeskedDocument },
  'eksport-1': { title: 'Registret, skrevet ud', schema: EksportDocument },
} as const

/** What commands print with `--json`. */
const commands = {
  'aendringer-1': { title: 'Ændringer i registret siden et sted', schema: AendringerDocument },
  'afgoerelse-1': { title: 'En afgjort tilbageholdelse', schema: DecisionDocument },
  'bevis-1': { title: 'Registrets bevis', schema: ProofDocument },
  'bruger-1': { title: 'En ændret bruger', schema: UserDocument },
  'brugere-1': { title: 'Konsollens brugere', schema: UsersDocument },
  'cutoffs-1': { title: 'Frister med prognoser', schema: CutoffsDocument },
  'demo-1': { title: 'To nætter mod det lille Danmark', schema: DemoDocument },
  'doktor-1': { title: 'Hver del, undersøgt', schema: DoctorDocument },
  'enhed-1': { title: 'En enhed, som den er eller var', schema: UnitDocument },
  'forklaring-1': { title: 'Hvorfor en enhed er, som den er', schema: ExplanationDocument },
  'genkoe-1': { title: 'Job, der er sat i kø igen', schema: RequeuedDocument },
  'grunddata-1': { title: 'Indlæste grunddata', schema: BaselineDocument },
  'hold-1': { title: 'En tilbageholdelse med sine ændringer', schema: HoldDocument },
  'holds-1': { title: 'Tilbageholdelser, der venter', schema: HoldsDocument },
  'jobs-1': { title: 'Job, der venter på en person', schema: JobsDocument },
  'kvalitet-1': { title: 'Hvad nogen bør se på, og hvem', schema: QualityDocument },
  'nat-1': { title: 'Morgenrapporten for en nat', schema: NightDocument },
  'nat-bestilt-1': { title: 'En nat, der er bestilt', schema: OrderedNightDocument },
  'nat-live-1': { title: 'En nat, mens den kører: en linje for hver ændring', schema: LiveNightDocument },
  'opgivelse-1': { title: 'En opgivet fil', schema: DismissedDocument },
  'plan-1': { title: 'Hvad en fil ville ændre', schema: PlanDocument },
  'sandkasse-1': { title: 'Det lille Danmarks adresser', schema: SandboxDocument },
  'sikkerhedskopi-1': { title: 'En sikkerhedskopi', schema: BackupDocument },
  'slaegtskab-1': { title: 'Et noteret slægtskab', schema: LinkDocument },
  'tilbagelaegning-1': { title: 'En sikkerhedskopi, der lægges tilbage', schema: RestoreDocument },
  'tjek-1': { title: 'En leverandørs egen kontrol af filer', schema: CheckDocument },
} as const

/** A document that a command may print: one that has a published schema. */
export type PrintedDocument = DeepReadonly<z.output<(typeof commands)[keyof typeof commands]['schema']>>

/** What a schema gives, as our own types have it. */
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T

/** The published JSON schemas, by file name in config/schemas. */
export function buildJsonSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...handedOver, ...commands }).map(([name, { title, schema }]) => [
      `${name}.schema.json`,
      `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  )
}
