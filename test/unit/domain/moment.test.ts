import { describe, expect, it } from 'vitest'
import { parseMoment } from '../../../src/domain/moment.ts'

describe('a moment', () => {
  it.each([
    ['2026-03-29', '2026-03-28T23:00:00Z'],
    ['2026-07-01', '2026-06-30T22:00:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['2026-10-25T02:30+02:00', '2026-10-25T00:30:00Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00Z'],
    ['2026-03-29T02:30Z', '2026-03-29T02:30:00Z'],
  ])('%s is %s', (text, iso) => {
    expect(new Date(parseMoment(text)).toISOString()).toBe(new Date(iso).toISOString())
  })

  it.each([
    ['2026-03-29T02:30', 'skip that hour'],
    ['2026-10-25T02:30', 'comes twice'],
    ['2026-02-30', 'no date'],
    ['2026-13-01', 'no date'],
    ['2026-01-01T24:00', 'no date'],
    ['i går', 'no date'],
    ['2026-01-01 04:00', 'no date'],
  ])('%s is refused: it %s', (text, seen) => {
    expect(() => parseMoment(text)).toThrow(
      expect.objectContaining({ code: 'MOMENT_INVALID', message: expect.stringContaining(seen) }),
    )
  })
})
