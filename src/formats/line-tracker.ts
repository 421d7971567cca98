import { countCharacters } from '../domain/checks/characters.ts'
import type { Position } from '../domain/unit.ts'

/**
 * Line and column of places in a text that comes piece by piece, for a reader that keeps the piece at hand in one string
 * and drops from its front what is read. Counting goes on from the last place remembered. Lines end in LF or CRLF; columns
 * count characters.
 */
export interface LineTracker {
  /** Remembers the place `index` of `text`, which must not lie before the last one remembered. */
  advance(text: string, index: number): void
  /** The place of `index`, at or after the one remembered. */
  positionAt(text: string, index: number): Position
  /** To be called when the text changes: its first `count` characters are dropped and more is put at its end. */
  shift(text: string, count: number): void
}

/** Characters of a line that may be counted again and again: a whole file can stand on one line. */
const longLine = 1_000

/** Starts at line 1, column 1. */
export function createLineTracker(): LineTracker {
  let line = 1
  /** Where the present line begins, or a later place in it. */
  let lineStart = 0
  /** Characters of the present line before `lineStart`. */
  let before = 0
  /** Index of the next line end after the place remembered; -1 when it must be looked for. */
  let next = -1

  const nextEnd = (text: string, from: number): number => {
    const end = text.indexOf('\n', from)
    return end === -1 ? text.length : end
  }

  return {
    advance(text, index) {
      if (next === -1) next = nextEnd(text, lineStart)
      while (next < index) {
        line += 1
        lineStart = next + 1
        before = 0
        next = nextEnd(text, lineStart)
      }
      if (index - lineStart > longLine) {
        before += countCharacters(text.slice(lineStart, index))
        lineStart = index
      }
    },
    positionAt(text, index) {
      let found = line
      let start = lineStart
      let dropped = before
      let end = nextEnd(text, start)
      while (end < index) {
        found += 1
        start = end + 1
        dropped = 0
        end = nextEnd(text, start)
      }
      return { line: found, column: dropped + countCharacters(text.slice(start, index)) + 1 }
    },
    shift(text, count) {
      next = -1
      if (lineStart >= count) {
        lineStart -= count
        return
      }
      before += countCharacters(text.slice(lineStart, count))
      lineStart = 0
    },
  }
}
