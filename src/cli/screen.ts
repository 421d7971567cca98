import { clearScreenDown, moveCursor } from 'node:readline'
import { stripVTControlCharacters, styleText } from 'node:util'
import type { PrintedDocument } from '../../config/documents/published.ts'
import { type BilingualText, inBoth, type Language, type Say, sayIn } from '../domain/bilingual-text.ts'

/** How a word is meant: what is well, what waits for somebody else, what is bad, what matters less. */
export type Tone = 'good' | 'warn' | 'bad' | 'soft'

const colours = { good: 'green', warn: 'yellow', bad: 'red', soft: 'dim' } as const satisfies Record<Tone, string>

/** Where a command's words go: to a person, in their language. Only text that there is in both languages can be printed. */
export interface Screen {
  readonly say: Say
  /** True when standard output is a terminal, where lines can be written anew. */
  readonly isTerminal: boolean
  print(text: BilingualText): void
  /** Prints text in the place of what was drawn before; below it on what is no terminal. */
  draw(text: BilingualText): void
  /** Data for a program, of a shape that is published; the same in every language. */
  printJson(document: PrintedDocument): void
  /** The same on one line, for data that comes bit by bit. */
  printJsonLine(document: PrintedDocument): void
  /** Progress and questions: to standard error, so that the output stays what was asked for. */
  note(text: BilingualText): void
  /** Gives text a colour where there are colours. */
  paint(tone: Tone, text: BilingualText): BilingualText
}

interface Stream extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  hasColors?(): boolean
}

/** The terminal, or whatever stands in its place. Colours are for terminals only, and for none where NO_COLOR is set. */
export function createScreen(
  language: Language,
  streams: { readonly out: Stream; readonly err: Stream } = { out: process.stdout, err: process.stderr },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Screen {
  const { out, err } = streams
  const say = sayIn(language)
  const hasColours = out.isTTY === true && !env['NO_COLOR'] && out.hasColors?.() === true
  return {
    say,
    isTerminal: out.isTTY === true,
    print: (text) => void out.write(whole(say(text))),
    draw: createDrawing(out, say),
    printJson: (document) => void out.write(`${JSON.stringify(document, null, 2)}\n`),
    printJsonLine: (document) => void out.write(`${JSON.stringify(document)}\n`),
    note: (text) => void err.write(whole(say(text))),
    paint: (tone, text) => (hasColours ? inBoth((own) => styleText(colours[tone], own(text), { validateStream: false })) : text),
  }
}

function whole(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

/** A place on a terminal that is drawn on again and again. What would not fit the window is left out: it could not be taken back. */
function createDrawing(out: Stream, say: Say): Screen['draw'] {
  let drawn = 0
  return (text) => {
    if (out.isTTY !== true) return void out.write(whole(say(text)))
    const { columns = 80, rows = 24 } = out
    const heightOf = (line: string) => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns))
    const shown: string[] = []
    let height = 0
    for (const line of say(text).split('\n')) {
      if (height + heightOf(line) >= rows) break
      shown.push(line)
      height += heightOf(line)
    }
    moveCursor(out, 0, -drawn)
    clearScreenDown(out)
    out.write(whole(shown.join('\n')))
    drawn = height
    return undefined
  }
}
