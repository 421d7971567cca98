import { FileStop } from './file-stop.ts'

/** Characters that are enough to tell; more are not looked at. */
const enoughChars = 1_024
const htmlTag = /^<(?:!doctype\s+html|(?:html|head|body|script|title|meta|center|h1|p|div|br|b)\b)/i

/**
 * Tells XML from CSV by the text itself; null when more text is needed, unless it is `final`. A name that says the opposite
 * of the content stops the file, as does anything else that can be told at a glance: FileStop FIL-01, FIL-02, FIL-03.
 */
export function sniffText(head: string, fileName: string, final: boolean): 'xml' | 'csv' | null {
  if (head.length < enoughChars && !final) return null
  const start = head.slice(0, enoughChars).trimStart()
  if (start === '') throw new FileStop({ code: 'FIL-01', position: null })
  if (htmlTag.test(skipProlog(start))) throw new FileStop({ code: 'FIL-02', position: { line: 1, column: 1 } })
  if (start.startsWith('%PDF')) return refuse('det er en PDF', 'it is a PDF')
  if (/^[{[]/.test(start)) return refuse('det ligner JSON', 'it looks like JSON')
  const kind = start.startsWith('<') ? 'xml' : 'csv'
  const named = /\.(xml|csv)$/i.exec(fileName)?.[1]?.toLowerCase()
  if (named !== undefined && named !== kind) {
    return refuse(`navnet siger ${named}, indholdet er ikke ${named}`, `the name says ${named}, the content is not ${named}`)
  }
  return kind
}

/** What follows the XML declaration and the comments. Step by step: one expression for all of it could take for ever. */
function skipProlog(text: string): string {
  let rest = text
  while (true) {
    const close = rest.startsWith('<?') ? '?>' : rest.startsWith('<!--') ? '-->' : null
    const end = close === null ? -1 : rest.indexOf(close)
    if (close === null || end === -1) return rest
    rest = rest.slice(end + close.length).trimStart()
  }
}

function refuse(cause: string, causeEn: string): never {
  throw new FileStop({ code: 'FIL-03', position: null, facts: { cause, causeEn } })
}
