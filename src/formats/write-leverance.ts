import { lovgrundlag } from '../domain/code-tables.ts'
import type { DeliveryHeader, Leverance } from '../domain/delivery-file.ts'
import type { CarriedField } from '../domain/raw-record.ts'
import { type StagedRecord, unitKinds } from '../domain/unit.ts'
import { type HeaderElement, headerElements, leveranceNamespace, recordElements, sectionElements } from './leverance-elements.ts'

type Unplaced = Omit<StagedRecord, 'position'>

/**
 * Writes a delivery as leverance XML (leverance-1.xsd), UTF-8 with LF, one element a line, so that a line number in a
 * finding points at one value. lovgrundlagKode is written as its `proeveKode`: STIL's integers are not public.
 */
export function writeLeveranceXml(leverance: Leverance): string {
  const parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', `<leverance xmlns="${leveranceNamespace}">\n`]
  parts.push(...headerLines(leverance.header))
  for (const kind of unitKinds) {
    const records = leverance.records.filter((record) => record.kind === kind)
    if (records.length === 0) continue
    parts.push(`  <${sectionElements[kind]}>\n`)
    for (const record of records) parts.push(...recordLines(record))
    parts.push(`  </${sectionElements[kind]}>\n`)
  }
  parts.push('</leverance>\n')
  return parts.join('')
}

function headerLines(header: DeliveryHeader): string[] {
  const values: Record<HeaderElement, string | null> = {
    leverandoer: header.leverandoer,
    kommuneKode: header.kommuneKode,
    art: header.art,
    loebenummer: String(header.loebenummer),
    dannet: header.dannet,
    antal: header.antal === null ? null : String(header.antal),
    niveauer: header.niveauer.join(' '),
    gyldigFra: header.gyldigFra,
  }
  const lines = headerElements.flatMap((name) => {
    const value = values[name]
    return value === null ? [] : [`    ${element(name, value)}\n`]
  })
  return ['  <hoved>\n', ...lines, '  </hoved>\n']
}

function recordLines(record: Unplaced): string[] {
  const lines = [`    <${record.kind}>\n`]
  let insideAdresse = false
  for (const { element: name, field, inAdresse, required } of recordElements[record.kind]) {
    const value = fieldValue(record, field)
    if (inAdresse !== insideAdresse) {
      lines.push(inAdresse ? '      <Adresse>\n' : '      </Adresse>\n')
      insideAdresse = inAdresse
    }
    if (value === undefined && !required) continue
    lines.push(`${inAdresse ? '        ' : '      '}${element(name, value ?? '')}\n`)
  }
  if (insideAdresse) lines.push('      </Adresse>\n')
  for (const [name, value] of Object.entries(record.ekstra)) {
    lines.push(`      <ekstra navn="${escapeAttribute(name)}">${escapeText(value)}</ekstra>\n`)
  }
  lines.push(`    </${record.kind}>\n`)
  return lines
}

function fieldValue(record: Unplaced, field: CarriedField): string | undefined {
  switch (field) {
    case 'nummer':
      return record.ref.nummer ?? undefined
    case 'lokalId':
      return record.ref.lokalId ?? undefined
    case 'overordnetNummer':
      return record.parent?.nummer ?? undefined
    case 'overordnetLokalId':
      return record.parent?.lokalId ?? undefined
    case 'status':
      return record.status
    case 'lovgrundlagKode':
      return toProeveKode(record.fields.lovgrundlagKode)
    default:
      return record.fields[field]
  }
}

/** The synthetic integer of a section key; a value that is no key is written as it is. */
export function toProeveKode(key: string | undefined): string | undefined {
  return key === undefined ? undefined : (lovgrundlag.get(key)?.proeveKode ?? key)
}

function element(name: string, value: string): string {
  return `<${name}>${escapeText(value)}</${name}>`
}

/** Escapes text content; CR as a reference, since a reader would otherwise turn it into LF. */
function escapeText(value: string): string {
  return /[&<>\r]/.test(value)
    ? value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;')
    : value
}

function escapeAttribute(value: string): string {
  return escapeText(value).replace(/"/g, '&quot;').replace(/\t/g, '&#9;').replace(/\n/g, '&#10;')
}
