import { PassThrough } from 'node:stream'
import { createScreen, type Screen } from '../../src/cli/screen.ts'
import { type BilingualText, type Language, languages } from '../../src/domain/bilingual-text.ts'

/** A screen that keeps what is written to it; no terminal unless said. */
export function aScreen(
  language: Language = 'da',
  parts: { readonly isTTY?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Screen & { out(): string; err(): string } {
  const streams = { out: aStream(parts.isTTY), err: aStream(parts.isTTY) }
  const screen = createScreen(language, streams, parts.env ?? {})
  return { ...screen, out: () => streams.out.text(), err: () => streams.err.text() }
}

function aStream(isTTY = false) {
  const chunks: string[] = []
  const stream = Object.assign(new PassThrough(), { isTTY, hasColors: () => isTTY, text: () => chunks.join('') })
  stream.on('data', (chunk) => chunks.push(String(chunk)))
  return stream
}

/** Columns of the widest line, in whichever language it is wider. */
export function widthOf(text: BilingualText): number {
  return Math.max(...languages.flatMap((language) => text[language].split('\n').map((line) => line.length)))
}
