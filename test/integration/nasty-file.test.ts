import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../jobs/index.ts'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import type { EdgeContext } from '../../src/app/context.ts'
import { getDocument, putDocument, trusted } from '../../src/app/documents.ts'
import type { ValidateInput } from '../../src/app/intake-files.ts'
import type { ValidationOutcome } from '../../src/app/validate-file.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import type { FileStore } from '../../src/ports/file-store.ts'
import { aClock, aFolder, aSupplier, someSettings } from '../kit/builders.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'

const good = writeLeveranceXml(aGoodLeverance())
const at = good.indexOf('    <anvisningsenhed>')
const start = good.slice(0, at)
/** Costs a record that is held against every rule, and is dropped. */
const bad = '<anvisningsenhed><x/><EnhedsNavn></EnhedsNavn><status>?</status></anvisningsenhed>'
const tooMuch = `<anvisningsenhed>${'<x/>'.repeat(300)}</anvisningsenhed>`

interface Line {
  readonly folder: string
  readonly files: FileStore
  validate(name: string, sha256: string, signal?: AbortSignal): Promise<ValidationOutcome>
}

/** The validation job on a real store, in which one blob is what a stream says. */
async function aLine(streamed: Readonly<Record<string, () => AsyncIterable<Uint8Array>>> = {}): Promise<Line> {
  const folder = aFolder()
  const store = await createFolderFileStore(folder)
  const files: FileStore = {
    ...store,
    read: (sha256) => (streamed[sha256]?.() ?? store.read(sha256)) as ReturnType<FileStore['read']>,
  }
  const settings = someSettings({
    suppliers: [aSupplier('sol', { kommuner: ['101'] })],
    limits: { rejectedRecords: 1_000_000, records: 1_000_000 },
  })
  const ctx = { clock: aClock(), settings, files } as Partial<EdgeContext> as EdgeContext
  return {
    folder,
    files,
    async validate(name, sha256, signal = new AbortController().signal) {
      const input: ValidateInput = { supplierId: 'sol', date: '2026-11-24', sha256, name, promisedSha256: null }
      const { sha256: inputSha256 } = await putDocument(files, input)
      const { next } = await jobs.validate.run(ctx, { fileId: name, inputSha256 }, signal)
      const [request] = next
      if (request?.job !== 'record-validation') throw new Error('validation is followed by its record')
      return getDocument(files, request.payload.resultSha256, trusted<ValidationOutcome>())
    },
  }
}

describe('a huge file made to do harm', () => {
  it('keeps no other from being checked, and ends in a finding', async () => {
    const ended: string[] = []
    const nasty = sha256Hex('nasty')
    // Grows until the others are done, and only then goes too far.
    const line = await aLine({
      [nasty]: async function* () {
        yield Buffer.from(start)
        for (let pieces = 0; pieces < 2_000 && ended.length < 20; pieces++) yield Buffer.from(bad.repeat(100))
        yield Buffer.from(tooMuch)
      },
    })
    const { sha256 } = await line.files.put(good)
    const check = async (name: string, of: string) => {
      const outcome = await line.validate(name, of)
      ended.push(name)
      return outcome
    }

    const [hostile, ...small] = await Promise.all([
      check('nasty.xml', nasty),
      ...Array.from({ length: 20 }, (_, i) => check(`${i}.xml`, sha256)),
    ])

    expect(ended.at(-1)).toBe('nasty.xml')
    expect(small.map(({ verdict }) => verdict)).toEqual(small.map(() => 'validated'))
    expect(hostile.verdict).toBe('rejected')
    expect(hostile.findings[0]).toMatchObject({
      code: 'FIL-20',
      facts: { causeEn: 'more than 200 elements and attributes' },
    })
  })

  it('is left at the deadline of its job, with nothing of it kept', async () => {
    const nasty = sha256Hex('nasty')
    const deadline = new AbortController()
    let pieces = 0
    const line = await aLine({
      [nasty]: async function* () {
        yield Buffer.from(start)
        for (; ; pieces++) {
          if (pieces === 3) deadline.abort(new Error('the deadline has passed'))
          yield Buffer.from(bad.repeat(100))
        }
      },
    })

    await expect(line.validate('nasty.xml', nasty, deadline.signal)).rejects.toThrow('the deadline has passed')

    expect(pieces).toBeLessThan(6)
    expect(readdirSync(join(line.folder, 'tmp'))).toEqual([])
  })
})
