import type { Supplier } from '../../../config/settings.ts'
import { kommuner } from '../../domain/kommuner.ts'
import { unitCounts } from './unit-counts.ts'

/** A fictional supplier: how it writes its files and whom it may speak for. */
export interface SandboxSupplier {
  readonly id: string
  readonly navn: string
  readonly format: 'leverance-xml' | 'eksport-csv'
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'windows-1252'
  /** Folder its read files go to; null when they stay where they are. */
  readonly readFolder: string | null
  /** Municipalities that chose the system; 'alle' for the channel of the private owners. */
  readonly kommuner: readonly string[] | 'alle'
  readonly ejerformer: readonly ('1' | '2' | '3' | '4')[]
  /** Reads its receipts and names a unit by the number issued; else by lokalId for ever. */
  readonly usesNumbers: boolean
  /** Its own style of ids; `{kommune}` and `{nr}` are filled in. Two suppliers share a style, as in life. */
  readonly lokalIdPattern: string
}

/** How the worker reaches a supplier's folder in the sandbox. */
export interface SupplierAccess {
  readonly host: string
  readonly port: number
  /** SHA-256 of the server's host key, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly username: string
  /** Exactly one of the two. */
  readonly privateKeyFile?: string
  readonly passwordFile?: string
  readonly folder: string
  /** Municipalities whose file comes every night; all of the supplier's when not given. */
  readonly expects?: readonly string[]
}

/** The channel of the private owners; stands in for the form they send to the register's support. */
export const privateChannelId = 'privatkanalen'

/** Which system a municipality chose: the list is dealt out over the municipalities by code, again and again. */
const turns = [
  'havtorn',
  'lyngblik',
  'stenbro',
  'havtorn',
  'tangfald',
  'lyngblik',
  'havtorn',
  'violdata',
  'lyngblik',
  'stenbro',
  'havtorn',
  'lyngblik',
  'tangfald',
] as const

const municipal = { ejerformer: ['1', '2', '4'] } as const

/** Five invented administrative systems that share the 98 municipalities, and the channel of the private owners. */
export const sandboxSuppliers: readonly SandboxSupplier[] = [
  {
    ...municipal,
    id: 'havtorn',
    navn: 'Havtorn Institution',
    format: 'leverance-xml',
    encoding: 'utf-8',
    readFolder: 'laest',
    kommuner: chosenBy('havtorn'),
    usesNumbers: true,
    lokalIdPattern: 'HT-{kommune}-{nr}',
  },
  {
    ...municipal,
    id: 'lyngblik',
    navn: 'Lyngblik Dagtilbud',
    format: 'eksport-csv',
    encoding: 'utf-8-bom',
    readFolder: 'laest',
    kommuner: chosenBy('lyngblik'),
    usesNumbers: true,
    lokalIdPattern: '{kommune}{nr}',
  },
  {
    ...municipal,
    id: 'stenbro',
    navn: 'Stenbro Børnesystem',
    format: 'leverance-xml',
    encoding: 'windows-1252',
    readFolder: null,
    kommuner: chosenBy('stenbro'),
    usesNumbers: false,
    lokalIdPattern: 'sb.{kommune}.{nr}',
  },
  {
    ...municipal,
    id: 'tangfald',
    navn: 'Tangfald Pladsanvisning',
    format: 'eksport-csv',
    encoding: 'windows-1252',
    readFolder: null,
    kommuner: chosenBy('tangfald'),
    usesNumbers: false,
    lokalIdPattern: '{kommune}-{nr}',
  },
  {
    ...municipal,
    id: 'violdata',
    navn: 'Violdata',
    format: 'leverance-xml',
    encoding: 'utf-8',
    readFolder: 'arkiv',
    kommuner: chosenBy('violdata'),
    usesNumbers: true,
    lokalIdPattern: 'VD{nr}:{kommune}',
  },
  {
    id: privateChannelId,
    navn: 'Privatkanalen',
    format: 'leverance-xml',
    encoding: 'utf-8',
    readFolder: 'laest',
    kommuner: 'alle',
    ejerformer: ['3'],
    usesNumbers: false,
    lokalIdPattern: '{kommune}-{nr}',
  },
]

/** The supplier that may speak for units of this ownership in this municipality. Null when nobody may. */
export function supplierFor(kommuneKode: string, ejerformKode: string): SandboxSupplier | null {
  return (
    sandboxSuppliers.find(
      (supplier) =>
        supplier.ejerformer.some((ejerform) => ejerform === ejerformKode) &&
        (supplier.kommuner === 'alle' || supplier.kommuner.includes(kommuneKode)),
    ) ?? null
  )
}

/** The setting that lets the worker pull a supplier of the sandbox. */
export function toSupplierSettings(supplier: SandboxSupplier, access: SupplierAccess): Supplier {
  return {
    id: supplier.id,
    navn: supplier.navn,
    host: access.host,
    port: access.port,
    username: access.username,
    ...(access.privateKeyFile === undefined ? {} : { privateKeyFile: access.privateKeyFile }),
    ...(access.passwordFile === undefined ? {} : { passwordFile: access.passwordFile }),
    hostKeys: { current: access.fingerprint },
    folder: access.folder,
    ...(supplier.readFolder === null ? {} : { readFolder: supplier.readFolder }),
    kommuner: supplier.kommuner === 'alle' ? 'alle' : [...supplier.kommuner],
    ejerformer: [...supplier.ejerformer],
    expects: [...(access.expects ?? kommunerWithUnits(supplier))],
  }
}

function chosenBy(supplierId: (typeof turns)[number]): string[] {
  return [...kommuner.keys()].filter((_, index) => turns[index % turns.length] === supplierId)
}

/** Some municipalities have no private unit, and so no private file. */
function kommunerWithUnits(supplier: SandboxSupplier): string[] {
  const withUnits = new Set(
    unitCounts()
      .filter((cell) => cell.count > 0 && supplierFor(cell.kommuneKode, cell.ejerformKode)?.id === supplier.id)
      .map((cell) => cell.kommuneKode),
  )
  return [...kommuner.keys()].filter((kommuneKode) => withUnits.has(kommuneKode))
}
