import { describe, expect, it } from 'vitest'
import { createLineTracker } from '../../../src/formats/line-tracker.ts'

/** Line and column the slow way. */
function placeIn(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n')
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}

describe('places in a text that comes piece by piece', () => {
  it.each([
    ['short lines', 'ab\n😀c\n\nd\r\nefg'.repeat(40)],
    ['one long line', 'abc😀'.repeat(2_000)],
    ['long lines', `${'é'.repeat(3_000)}\n${'😀'.repeat(1_500)}\nx`],
  ])('are those of the whole text: %s', (_case, text) => {
    const tracker = createLineTracker()
    const wrong: string[] = []
    let buffer = ''
    let dropped = 0
    let at = 0
    for (let from = 0; from < text.length; from += 700) {
      tracker.advance(buffer, at)
      tracker.shift(buffer, at)
      buffer = buffer.slice(at) + text.slice(from, from + 700)
      dropped += at
      at = 0
      while (at + 90 < buffer.length) {
        at += 90
        if (/[\udc00-\udfff]/.test(buffer.charAt(at))) at += 1
        tracker.advance(buffer, at)
        const found = tracker.positionAt(buffer, at)
        const expected = placeIn(text, dropped + at)
        if (found.line !== expected.line || found.column !== expected.column)
          wrong.push(`${dropped + at}: ${JSON.stringify(found)}`)
      }
    }

    expect(wrong).toEqual([])
  })
})
