const daginstitution: Readonly<Record<string, string>> = { '1': 'DTL19.2', '2': 'DTL19.3', '3': 'DTL19.5', '4': 'DTL19.4' }
const dagpleje: Readonly<Record<string, string>> = { '1': 'DTL21.2', '3': 'DTL21.3' }

/** The lovgrundlag a unit of this type and ownership rests on, after our reading of the law (the krydsvalidering matrix). */
export function legalBasisOf(instType3: string, ejerformKode: string): string {
  switch (instType3) {
    case '6013':
      return dagpleje[ejerformKode] ?? 'DTL21.2'
    case '6020':
      return 'DTL52'
    case '6021':
      return 'DTL66'
    case '6022':
      return 'SEL32'
    default:
      return daginstitution[ejerformKode] ?? 'DTL19.2'
  }
}
