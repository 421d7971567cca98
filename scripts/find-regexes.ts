import { parseSync, Visitor } from 'oxc-parser'

/** A regular expression of a source: its text, or the call that builds it while the program runs. */
export interface FoundRegex {
  readonly file: string
  readonly text: string
  /** Null for one that is built. */
  readonly literal: { readonly pattern: string; readonly flags: string } | null
}

/** Every regular expression in a TypeScript source, read by a parser, so that none can hide in a comment or a string. */
export function findRegexes(file: string, source: string): FoundRegex[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: FoundRegex[] = []
  const call = (node: { callee: { type: string; name?: unknown }; start: number; end: number }): void => {
    if (node.callee.name === 'RegExp') found.push({ file, text: source.slice(node.start, node.end), literal: null })
  }
  new Visitor({
    Literal: (node) => {
      if ('regex' in node) found.push({ file, text: source.slice(node.start, node.end), literal: node.regex })
    },
    NewExpression: call,
    CallExpression: call,
  }).visit(program)
  return found
}
