const width = 100

/** Text in lines of at most 100 columns; the first keeps its indent, the others have that of `hanging`. */
export function paragraph(text: string, hanging = 2): string[] {
  const [first = '', ...words] = text.trimStart().split(' ')
  const lines: string[] = []
  let line = text.slice(0, text.length - text.trimStart().length) + first
  for (const word of words) {
    if (line.length + 1 + word.length > width) {
      lines.push(line)
      line = ' '.repeat(hanging) + word
    } else line = `${line} ${word}`
  }
  return [...lines, line]
}
