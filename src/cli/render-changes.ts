import type { DescribedChange } from '../domain/describe-changes.ts'

const width = 100
const indent = 15
/** Changes that are listed; `--json` has them all. */
const mostChanges = 500

/** Changes as a Danish table, at most 100 columns wide: a line for each, and under it every value, old -> new. */
export function renderChanges(changes: readonly DescribedChange[]): string[] {
  if (changes.length === 0) return []
  const hidden = changes.length - mostChanges
  return [
    row('NUMMER', 'NAVN', 'ÆNDRING', 'LINJE'),
    ...changes.slice(0, mostChanges).flatMap(toLines),
    ...(hidden > 0 ? [`  … og ${hidden} til (--json viser alle)`] : []),
  ]
}

function toLines({ nummer, lokalId, navn, operation, values, line }: DescribedChange): string[] {
  const key = nummer ?? `${lokalId} (ny)`
  const place = line === null ? 'mangler' : `${line}`
  const told = values.map(({ field, before, after }) =>
    operation === 'opret' ? `${field}: ${after ?? ''}` : `${field}: ${before ?? '(tom)'} -> ${after ?? '(tom)'}`,
  )
  const first = row(key, navn ?? '', operation, place)
  return key.length < indent - 2 ? [first, ...wrap(told)] : [`  ${key}`, row('', navn ?? '', operation, place), ...wrap(told)]
}

function row(key: string, navn: string, operation: string, line: string): string {
  const name = navn.length <= 60 ? navn : `${navn.slice(0, 59)}…`
  return `  ${key.padEnd(indent - 2)}${name.padEnd(62)}${operation.padEnd(12)}${line.padStart(8)}`.trimEnd()
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
