import { type BilingualText, inBoth } from './bilingual-text.ts'

/** The widest line that a command prints. */
export const width = 100

/** Text in lines of at most `width` columns; the first keeps its indent, the others have that of `hanging`. Lines it has stay lines. */
export function paragraph(text: BilingualText, hanging = 2): BilingualText {
  return inBoth((say) =>
    say(text)
      .split('\n')
      .map((line) => wrap(line, hanging))
      .join('\n'),
  )
}

function wrap(text: string, hanging: number): string {
  const [first = '', ...words] = text.trimStart().split(' ')
  const lines: string[] = []
  let line = text.slice(0, text.length - text.trimStart().length) + first
  for (const word of words) {
    if (line.length + 1 + word.length > width) {
      lines.push(line)
      line = ' '.repeat(hanging) + word
    } else line = `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
