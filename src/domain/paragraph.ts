import { type BilingualText, inBoth } from './bilingual-text.ts'

/** The widest line that a command prints. */
export const width = 100

/** Text in lines of at most `width` columns; the first keeps its indent, the others have that of `hanging`. */
export function paragraph(text: BilingualText, hanging = 2): BilingualText {
  return inBoth((say) => wrap(say(text), hanging))
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
