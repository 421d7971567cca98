import { describe, expect, it } from 'vitest'
import { validateDelivery } from '../../src/app/validate-delivery.ts'
import type { StagedRecord } from '../../src/domain/unit.ts'
import type { ValidationResult } from '../../src/domain/validation.ts'
import { applyIssuedNumbers } from '../../src/sandbox/generator/apply-issued-numbers.ts'
import { breakFiles, type FileExpectation } from '../../src/sandbox/generator/broken-files.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'

const kommuner = ['147', '151', '163', '210', '330', '400', '563', '615', '740', '766', '825', '851']
const day1 = createDenmark({ seed: 11, kommuner })
const firstFiles = buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: '2026-11-23T22:00:00Z' })

describe('the generated files, read by the worker', () => {
  it('are accepted record by record on the first night, and say what they were written from', async () => {
    for (const file of firstFiles) {
      const { result, records } = await validate(file)

      expect(result, file.fileName).toMatchObject({ verdict: 'validated', counts: { rejected: 0 } })
      expect(records.map(withoutPosition), file.fileName).toEqual(file.leverance?.records)
    }
  })

  it('end as their story says on the second night, when suppliers use the numbers they were given', async () => {
    const numbered = sandboxSuppliers.reduce((denmark, { id }) => applyIssuedNumbers(denmark, id, issuedTo(id)), day1)
    const { denmark, story } = nextDay(numbered, { seed: 11 })
    const leftOut = leftOutOf(story)
    const files = buildNightFiles(denmark, sandboxSuppliers, { loebenummer: 2, dannet: '2026-11-24T22:00:00Z', leftOut })
    const night = breakFiles({ seed: 11, files, earlierFiles: firstFiles, denmark, story, lateMs: 1_000 })

    for (const [index, file] of night.files.entries()) {
      const expectation = night.expectations[index]
      const { result } = await validate(file)

      if (expectation !== undefined) expectOutcome(result, expectation)
    }
  })
})

function expectOutcome(result: ValidationResult, expectation: FileExpectation): void {
  const { fileName, outcome } = expectation
  const dropped = result.findings.filter((finding) => finding.level === 'record').map((finding) => finding.code)
  expect(result.verdict, fileName).toBe(outcome === 'refused' ? 'rejected' : 'validated')
  if (outcome === 'refused') expect(expectation.findings, fileName).toContain(result.findings[0]?.code)
  else expect(dropped.sort(), fileName).toEqual(expectation.rows.map((row) => row.finding).sort())
  expect(result.rejectedWithoutKey, fileName).toBe(0)
}

async function validate(file: NightFile): Promise<{ result: ValidationResult; records: StagedRecord[] }> {
  const supplier = sandboxSuppliers.find((candidate) => candidate.id === file.supplierId)
  const records: StagedRecord[] = []
  const result = await validateDelivery({
    fileName: file.fileName,
    content: chunksOf(file.bytes),
    mandate: {
      supplierId: file.supplierId,
      kommuner: supplier?.kommuner ?? [],
      ejerformer: supplier?.ejerformer ?? [],
    },
    codeMap: {},
    emit: (record) => void records.push(record),
  })
  return { result, records }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}

function withoutPosition({ position: _position, ...record }: StagedRecord): Omit<StagedRecord, 'position'> {
  return record
}

function issuedTo(supplierId: string): { lokalId: string; nummer: string }[] {
  return day1.units.flatMap((unit, index) =>
    unit.supplierId === supplierId ? [{ lokalId: unit.lokalId, nummer: `G${80_000 + index}` }] : [],
  )
}
