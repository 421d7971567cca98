import type { DeliveryHeader, Leverance } from '../../src/domain/delivery-file.ts'
import type { StagedRecord, UnitFields } from '../../src/domain/unit.ts'

type Unplaced = Omit<StagedRecord, 'position'>

/** København, whose own CVR a kommunal unit carries. */
const kommune = '101'
const kommuneCvr = '64942212'

/** A daginstitution that breaks no rule. */
export function aDaginstitution(lokalId: string, fields: UnitFields = {}): Unplaced {
  return {
    kind: 'daginstitution',
    ref: { nummer: null, lokalId },
    parent: null,
    status: 'aktiv',
    fields: { navn: `Klyngen ${lokalId}`, ejerformKode: '1', lovgrundlagKode: 'DTL19.2', admKommuneKode: kommune, ...fields },
    ekstra: {},
  }
}

/** An anvisningsenhed that breaks no rule under a kommunal daginstitution. */
export function anAnvisningsenhed(lokalId: string, parentLokalId: string, fields: UnitFields = {}): Unplaced {
  return {
    kind: 'anvisningsenhed',
    ref: { nummer: null, lokalId },
    parent: { nummer: null, lokalId: parentLokalId },
    status: 'aktiv',
    fields: {
      navn: `Børnehuset ${lokalId}`,
      instType3: '6012',
      ...anAddress,
      email: `${lokalId.toLowerCase()}@boernehus.example`,
      telefonNummer: '12345678',
      cvrNummer: kommuneCvr,
      pNummer: pNumberOf(lokalId),
      ...fields,
    },
    ekstra: {},
  }
}

/** An alternative adresse that breaks no rule. */
export function anAlternativAdresse(lokalId: string, parentLokalId: string, fields: UnitFields = {}): Unplaced {
  return {
    kind: 'alternativAdresse',
    ref: { nummer: null, lokalId },
    parent: { nummer: null, lokalId: parentLokalId },
    status: 'aktiv',
    fields: { navn: `Skovgruppen ${lokalId}`, ...anAddress, ...fields },
    ekstra: {},
  }
}

/** A delivery of the records; `fuld` with the right count unless said. */
export function aLeverance(records: readonly Unplaced[], header: Partial<DeliveryHeader> = {}): Leverance {
  return {
    header: {
      format: 'leverance-xml',
      leverandoer: 'Prøvesystem',
      kommuneKode: kommune,
      art: 'fuld',
      loebenummer: 42,
      dannet: '2026-11-24T01:15:00+01:00',
      antal: records.length,
      niveauer: ['daginstitution', 'anvisningsenhed', 'alternativAdresse'],
      gyldigFra: null,
      ...header,
    },
    records,
  }
}

/** Three levels, a dagpleje among them: no rule has anything to say of it. */
export function aGoodLeverance(header: Partial<DeliveryHeader> = {}): Leverance {
  return aLeverance(
    [
      aDaginstitution('D1'),
      aDaginstitution('D2', { lovgrundlagKode: 'DTL21.2', navn: 'Dagplejen Solsikken' }),
      anAnvisningsenhed('E1', 'D1'),
      anAnvisningsenhed('E2', 'D1', { instType3: '6011' }),
      anAnvisningsenhed('E3', 'D2', { instType3: '6013', navn: 'Område Nord' }),
      anAlternativAdresse('A1', 'E1'),
    ],
    header,
  )
}

const anAddress: UnitFields = {
  vejNavn: 'Ærtevej',
  husNummer: '12A',
  postNummer: '2100',
  byNavn: 'København Ø',
  kommuneKode: kommune,
  geoBredde: '55.70123456',
  geoLaengde: '12.57123456',
  dawaId: '0a3f507a-93e7-32b8-e044-0003ba298018',
}

/** A synthetic P number that passes modulus 11, another one for each id. */
function pNumberOf(lokalId: string): string {
  const weights = [4, 3, 2, 7, 6, 5, 4, 3, 2]
  for (let serial = Number(lokalId.replace(/\D/g, '')) * 11; ; serial++) {
    const stem = `109${String(serial).padStart(6, '0')}`
    const check = (11 - ([...stem].reduce((sum, digit, i) => sum + Number(digit) * (weights[i] ?? 0), 0) % 11)) % 11
    if (check < 10) return `${stem}${check}`
  }
}
