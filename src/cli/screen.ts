import { styleText } from 'node:util'
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
  /** Data for a program; the same in every language. */
  printJson(value: unknown): void
  /** Progress and questions: to standard error, so that the output stays what was asked for. */
  note(text: BilingualText): void
  /** Gives text a colour where there are colours. */
  paint(tone: Tone, text: BilingualText): BilingualText
}

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; hasColors?(): boolean }

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
    printJson: (value) => void out.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void err.write(whole(say(text))),
    paint: (tone, text) => (hasColours ? inBoth((own) => styleText(colours[tone], own(text), { validateStream: false })) : text),
  }
}

function whole(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
