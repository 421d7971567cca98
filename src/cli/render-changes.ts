import { type BilingualText, inBoth, same } from '../domain/bilingual-text.ts'
import { cut } from '../domain/cut.ts'
import type { DescribedChange, ValueChange } from '../domain/describe-changes.ts'
import { width } from '../domain/paragraph.ts'

const indent = 15
/** Changes that are listed; `--json` has them all. */
const mostChanges = 500

const empty = { da: '(tom)', en: '(empty)' }

/** Changes as a table, at most 100 columns wide: a line for each, and under it every value, old -> new. */
export function renderChanges(changes: readonly DescribedChange[]): BilingualText[] {
  if (changes.length === 0) return []
  const hidden = changes.length - mostChanges
  return [
    { da: row('NUMMER', 'NAVN', 'ÆNDRING', 'LINJE'), en: row('NUMBER', 'NAME', 'CHANGE', 'LINE') },
    ...changes.slice(0, mostChanges).map(toLines),
    ...(hidden > 0 ? [{ da: `  … og ${hidden} til (--json viser alle)`, en: `  … and ${hidden} more (--json shows all)` }] : []),
  ]
}

function toLines({ nummer, lokalId, navn, operation, values, line }: DescribedChange): BilingualText {
  const key = nummer === null ? { da: `${lokalId} (ny)`, en: `${lokalId} (new)` } : same(nummer)
  const place = line === null ? { da: 'mangler', en: 'missing' } : same(line)
  return inBoth((say) => {
    const first = (text: string) => row(text, navn ?? '', operation, say(place))
    const named = say(key).length < indent - 2 ? [first(say(key))] : [`  ${say(key)}`, first('')]
    return [...named, ...wrap(values.map((value) => say(told(operation, value))))].join('\n')
  })
}

function told(operation: string, { field, before, after }: ValueChange): BilingualText {
  if (operation === 'opret') return same(`${field}: ${after ?? ''}`)
  return inBoth((say) => `${field}: ${before ?? say(empty)} -> ${after ?? say(empty)}`)
}

function row(key: string, navn: string, operation: string, line: string): string {
  return `  ${key.padEnd(indent - 2)}${cut(navn, 60).padEnd(62)}${operation.padEnd(12)}${line.padStart(8)}`.trimEnd()
}

/** Values one after another, as many to a line as fit; one that fits no line is cut at the edge and goes on below. */
function wrap(values: readonly string[]): string[] {
  const room = width - indent - 2
  const lines: string[] = []
  for (const value of values) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + value.length + 3 <= room) lines[lines.length - 1] = `${last} · ${value}`
    else for (let at = 0; at < value.length; at += room) lines.push(value.slice(at, at + room))
  }
  return lines.map((line) => `${' '.repeat(indent)}  ${line}`)
}
