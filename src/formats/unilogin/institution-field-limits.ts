import { type InstitutionRecord, type InstitutionRecordField, institutionRecordFields } from '../../domain/institution-record.ts'

/**
 * Longest value of each field in UTF-8 bytes (æ, ø and å take two). 132 for name and e-mail and 20 for the phone are
 * Dagtilbudsregisteret's own, counting in bytes is how the user import does it; the other figures are ours.
 */
const institutionFieldLimits: Readonly<Record<InstitutionRecordField, number>> = {
  instnr: 6,
  instnavn: 132,
  type: 10,
  typenavn: 100,
  type3: 4,
  type3navn: 100,
  adresse: 132,
  bynavn: 40,
  postnr: 4,
  telefonnr: 20,
  faxnr: 20,
  mailadresse: 132,
  www: 255,
  hovedinstitutionsnr: 6,
  kommunenr: 3,
  kommune: 40,
  admkommunenr: 3,
  admkommune: 40,
  regionsnr: 4,
  region: 40,
  enhedsart: 20,
}

/** The first field that is longer than its limit, or null when all fit; to be asked before sending. */
export function findTooLongField(record: InstitutionRecord): InstitutionRecordField | null {
  return institutionRecordFields.find((name) => Buffer.byteLength(record[name] ?? '') > institutionFieldLimits[name]) ?? null
}
