/** Institution types allowed for one pair of ejerform and lovgrundlag. */
export interface KrydsRow {
  readonly ejerformer: readonly string[]
  readonly lovgrundlag: readonly string[]
  readonly instTyper: readonly string[]
}

const daycare = ['6010', '6011', '6012', '6014'] as const

/**
 * Which ejerform, lovgrundlag and institution type go together. OURS, read out of dagtilbudsloven and serviceloven: the
 * register has such a matrix (services v2.0, documented) but it is not public. Replaceable by the setting `krydsvalidering`.
 */
export const ownKrydsMatrix: readonly KrydsRow[] = [
  { ejerformer: ['1'], lovgrundlag: ['DTL19.2', 'DTL19.2-LBO'], instTyper: daycare },
  { ejerformer: ['1'], lovgrundlag: ['DTL21.2'], instTyper: ['6013'] },
  { ejerformer: ['2'], lovgrundlag: ['DTL19.3'], instTyper: daycare },
  { ejerformer: ['3'], lovgrundlag: ['DTL19.5'], instTyper: daycare },
  { ejerformer: ['3'], lovgrundlag: ['DTL21.3'], instTyper: ['6013'] },
  { ejerformer: ['4'], lovgrundlag: ['DTL19.4'], instTyper: daycare },
  { ejerformer: ['1', '2', '3', '4'], lovgrundlag: ['DTL52'], instTyper: ['6020'] },
  { ejerformer: ['1', '2', '3', '4'], lovgrundlag: ['DTL66'], instTyper: ['6021'] },
  { ejerformer: ['1', '2', '3'], lovgrundlag: ['SEL32'], instTyper: ['6022'] },
  { ejerformer: ['1', '2', '3'], lovgrundlag: ['SEL36'], instTyper: ['6022', '6021'] },
  { ejerformer: ['3'], lovgrundlag: ['DTL101', 'DTL102'], instTyper: ['6010', '6011', '6012', '6013', '6014'] },
]

/** Answers whether a combination is in the matrix; a pair without a type asks whether any type would do. */
export interface Krydsvalidering {
  allows(ejerform: string, lovgrundlag: string, instType3: string): boolean
  allowsPair(ejerform: string, lovgrundlag: string): boolean
}

/** Prepares a matrix for quick look-ups. */
export function createKrydsvalidering(rows: readonly KrydsRow[]): Krydsvalidering {
  const typesByPair = new Map<string, Set<string>>()
  for (const row of rows) {
    for (const ejerform of row.ejerformer) {
      for (const grundlag of row.lovgrundlag) {
        const key = `${ejerform} ${grundlag}`
        typesByPair.set(key, new Set([...(typesByPair.get(key) ?? []), ...row.instTyper]))
      }
    }
  }
  return {
    allows: (ejerform, lovgrundlag, instType3) => typesByPair.get(`${ejerform} ${lovgrundlag}`)?.has(instType3) ?? false,
    allowsPair: (ejerform, lovgrundlag) => typesByPair.has(`${ejerform} ${lovgrundlag}`),
  }
}
