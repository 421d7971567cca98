import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { applyPlan } from '../../src/app/apply-plan.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { putDocument } from '../../src/app/documents.ts'
import type { Change, ChangePlan } from '../../src/domain/change-plan.ts'
import { jobIdOf } from '../../src/ports/jobs.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import {
  aChange,
  aClock,
  aFile,
  aFolder,
  aMandate,
  aNight,
  aNightRun,
  aVersion,
  kommune,
  silentLog,
  someSettings,
} from '../kit/builders.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'

/** A register with these units, and a way to apply changes to it as the plan of a new file. */
async function aRegister(units: readonly NewVersion[]) {
  const folder = aFolder()
  const register = openRegister(join(folder, 'register.sqlite'))
  onTestFinished(() => register.close())
  const files = await createFolderFileStore(join(folder, 'files'))
  const ctx: RegisterContext = { clock: aClock(), log: silentLog, settings: someSettings(), files, register }
  register.write((tx) => {
    tx.nights.insert(aNightRun())
    tx.units.write(units)
  })
  let applied = 0
  const apply = async (changes: readonly Change[], parts: Partial<ChangePlan> = {}) => {
    applied += 1
    const fileId = `f-${applied}`
    const plan: ChangePlan = {
      ...{ fileId, supplierId: aMandate.supplierId, kommuneKode: kommune, art: 'fuld', loebenummer: applied, ruleSet: 'r' },
      ...{
        changes,
        held: [],
        slices: [],
        links: [],
        findings: [],
        counts: { changed: changes.length, unchanged: 0, held: 0, rejected: 0 },
      },
      baseVersion: register.read((tx) => tx.units.kommuneVersion(kommune)),
      ...parts,
    }
    const { sha256: planHash } = await putDocument(files, plan)
    register.write((tx) => {
      tx.files.insert(aFile(fileId, { state: 'planned', planHash, header: aGoodLeverance().header }))
      const { kommuneKode, baseVersion } = plan
      tx.files.insertPlan({
        planHash,
        fileId,
        kommuneKode,
        baseVersion,
        state: 'planned',
        createdAt: aNight,
        appliedAt: null,
        counts: {},
        sliceCounts: {},
      })
    })
    const again = () => applyPlan(ctx, { fileId, planHash })
    return { fileId, planHash, result: await again(), again }
  }
  const needsOf = (fileId: string) =>
    register.read((tx) => tx.outbox.ofFile(fileId).map(({ operation, nummer, state }) => `${operation} ${nummer} ${state}`))
  return { register, apply, needsOf }
}

const top = aVersion('G70001')
const otherOwner = aVersion('G70002', { ejerformKode: '2', fields: { ejerformKode: '2' } })
const enhed = aVersion('G70003', { kind: 'anvisningsenhed', parentNummer: 'G70001' })
const adresse = aVersion('G70004', { kind: 'alternativAdresse', parentNummer: 'G70003' })

describe('a plan that is applied', () => {
  it('gives new units their numbers, their places and the ids of the supplier, and sends them parents first', async () => {
    const { register, apply, needsOf } = await aRegister([])

    const { fileId, planHash, result } = await apply([
      aChange('opret', null, { kind: 'daginstitution', lokalId: 'd1', fields: top.fields }),
      aChange('opret', null, { lokalId: 'e1', parent: 'lokal:d1', fields: enhed.fields, position: { line: 7, column: 1 } }),
    ])

    register.read((tx) => {
      expect(tx.units.openInKommune(kommune).map(({ nummer, parentNummer }) => [nummer, parentNummer])).toEqual([
        ['G80000', null],
        ['G80001', 'G80000'],
      ])
      expect(Object.fromEntries(tx.units.numbersByLokalId(aMandate.supplierId))).toEqual({ d1: 'G80000', e1: 'G80001' })
      expect(tx.units.history('G80001')[0]).toMatchObject({ fileId, planHash, line: 7, actor: aMandate.supplierId })
      expect(tx.files.find(fileId)?.state).toBe('applied')
      expect(tx.files.findPlan(planHash)?.state).toBe('applied')
      expect(tx.ledger.of(planHash).at(-1)).toMatchObject({
        type: 'apply',
        subject: planHash,
        facts: { fileId, version: 1, deltas: 2 },
      })
    })
    expect(needsOf(fileId)).toEqual(['opret G80000 ready', 'opret G80001 waiting'])
    expect(result.next.map(jobIdOf)).toContain(`dispatch.${planHash.slice(0, 16)}`)
  })

  it('is applied once, however often it is asked for', async () => {
    const { register, apply } = await aRegister([])
    const { again } = await apply([aChange('opret', null, { kind: 'daginstitution', lokalId: 'd1', fields: top.fields })])

    expect(await again()).toEqual({ outcome: 'skipped', next: [] })
    expect(register.read((tx) => tx.units.openInKommune(kommune))).toHaveLength(1)
  })

  it('is planned again instead when the register has moved since it was made', async () => {
    const { register, apply } = await aRegister([top])

    const { fileId, planHash, result } = await apply([aChange('nedlaeg', 'G70001', { kind: 'daginstitution' })], {
      baseVersion: 9,
    })

    expect(result).toMatchObject({ outcome: 'base moved', next: [{ job: 'plan', payload: { fileId } }] })
    register.read((tx) => {
      expect(tx.units.byNumbers(['G70001'])[0]?.open).toBe(true)
      expect(tx.files.find(fileId)).toMatchObject({ state: 'validated', planHash: null })
      expect(tx.files.findPlan(planHash)?.state).toBe('superseded')
    })
  })

  it('takes the alternative adresser of a moved unit along to the new owner', async () => {
    const { register, apply } = await aRegister([top, otherOwner, enhed, adresse])

    await apply([aChange('flyt', 'G70003', { parent: 'G70002' })])

    const owners = register.read((tx) =>
      tx.units.byNumbers(['G70003', 'G70004']).map(({ nummer, ejerformKode }) => [nummer, ejerformKode]),
    )
    expect(owners).toEqual([
      ['G70003', '2'],
      ['G70004', '2'],
    ])
  })

  it('takes everything below a daginstitution along when its owner changes', async () => {
    const { register, apply } = await aRegister([top, enhed, adresse])
    const fields = { ...top.fields, ejerformKode: '4' }

    await apply([aChange('opdater', 'G70001', { kind: 'daginstitution', fields, changed: ['ejerformKode'] })])

    register.read((tx) => {
      expect(tx.units.openInKommune(kommune).map(({ ejerformKode }) => ejerformKode)).toEqual(['4', '4', '4'])
      expect(tx.units.history('G70004').at(-1)).toMatchObject({ line: null, fields: adresse.fields })
    })
  })

  it('sends the close of a unit after the closes and moves of an earlier night that are not acknowledged', async () => {
    const { register, apply, needsOf } = await aRegister([top, otherOwner, enhed, adresse])
    const first = await apply([aChange('nedlaeg', 'G70004', { kind: 'alternativAdresse' })])
    const second = await apply([aChange('nedlaeg', 'G70003')])

    expect(needsOf(second.fileId)).toEqual(['nedlaeg G70003 waiting'])

    register.write((tx) => tx.outbox.release(tx.outbox.ofFile(first.fileId).map(({ deltaId }) => deltaId)))
    expect(needsOf(second.fileId)).toEqual(['nedlaeg G70003 ready'])
  })

  it('sends the close of a unit at once when what was below it is acknowledged', async () => {
    const { register, apply, needsOf } = await aRegister([top, enhed, adresse])
    const first = await apply([aChange('nedlaeg', 'G70004', { kind: 'alternativAdresse' })])
    register.write((tx) => {
      for (const { deltaId } of tx.outbox.ofFile(first.fileId)) tx.outbox.update(deltaId, { state: 'acknowledged' })
    })

    const second = await apply([aChange('nedlaeg', 'G70003')])

    expect(needsOf(second.fileId)).toEqual(['nedlaeg G70003 ready'])
  })
})
