import { describe, expect, it } from 'vitest'
import { classifyEntry, parseChecksum } from '../../../src/formats/sidecars.ts'

const hash = 'A'.repeat(64)

describe('files in a supplier folder', () => {
  it.each([
    ['101_fuld_000042.csv', 'delivery'],
    ['leverance.XML', 'delivery'],
    ['leverance.xml.gz', 'delivery'],
    ['leverance.zip', 'delivery'],
    ['leverance.xml.sha256', 'checksum'],
    ['leverance.xml.done', 'done'],
    ['leverance.xml.1a2b3c4d.kvittering.json', 'receipt'],
    ['leverance.xml.kvittering.csv', 'receipt'],
    ['leverance.csv.leveret.json', 'receipt'],
    ['.leverance.xml.tmp', 'other'],
    ['leverance.xml.part', 'other'],
    ['leverance.xml.filepart', 'other'],
    ['~$leverance.csv', 'other'],
    ['readme.txt', 'other'],
    ['a\nb.xml', 'other'],
    ['..', 'other'],
  ])('%s is a %s', (name, kind) => {
    expect(classifyEntry(name).kind).toBe(kind)
  })

  it('name the delivery they belong to', () => {
    expect(classifyEntry('a.xml.gz.sha256')).toEqual({ kind: 'checksum', of: 'a.xml.gz' })
    expect(classifyEntry('a.xml.ok')).toEqual({ kind: 'done', of: 'a.xml' })
  })
})

describe('a checksum file', () => {
  it.each([
    `${hash}`,
    `${hash}\n`,
    `${hash}  a.xml\r\n`,
    `${hash} *ud/a.xml\n`,
    `\ufeff${'b'.repeat(64)}  other.xml\n${hash}  a.xml\n`,
  ])('is read in every form that sha256sum writes: %j', (text) => {
    expect(parseChecksum(text, 'a.xml')).toBe('a'.repeat(64))
  })

  it.each(['', 'abc', `${hash}0`, `${hash}  other.xml`])('proves nothing when it is %j', (text) => {
    expect(parseChecksum(text, 'a.xml')).toBeNull()
  })
})
