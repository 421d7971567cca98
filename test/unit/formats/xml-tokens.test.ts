import { describe, expect, it } from 'vitest'
import { FileStop } from '../../../src/formats/file-stop.ts'
import { createXmlTokens } from '../../../src/formats/xml-tokens.ts'

function read(text: string, pieceChars = text.length): string[] {
  const events: string[] = []
  const tokens = createXmlTokens(
    { recordChars: 500, xmlDepth: 4 },
    {
      startElement: (name, attributes, index) => {
        const at = tokens.positionAt(index)
        events.push(`<${name}${attributes.map((a) => ` ${a.name}=${a.value}`).join('')}> ${at.line}:${at.column}`)
      },
      endElement: (name) => events.push(`</${name}>`),
      text: (value) => {
        if (events.at(-1)?.startsWith('"') === true) events.push(`${(events.pop() ?? '').slice(0, -1)}${value}"`)
        else events.push(`"${value}"`)
      },
    },
  )
  for (let at = 0; at < text.length; at += Math.max(1, pieceChars)) tokens.write(text.slice(at, at + Math.max(1, pieceChars)))
  tokens.end()
  return events
}

function stopOf(text: string): string {
  try {
    read(text)
  } catch (error) {
    if (!(error instanceof FileStop)) throw error
    const { code, position } = error.stop
    return typeof position === 'object' && position !== null ? `${code} ${position.line}:${position.column}` : code
  }
  return 'nothing'
}

describe('the XML reader', () => {
  const text =
    '<?xml version="1.0"?>\r\n<!-- æ -->\r\n<a x="1&amp;&#x41;"\ty=\'"\'>\r\n  1 &lt; 2<![CDATA[<&]]>&#13;<b/><c >å</c\n></a>\r\n<?p i?>'

  it.each([1, 2, 3, 10, 1_000])('tells the same whatever the pieces (%i characters)', (pieceChars) => {
    expect(read(text, pieceChars)).toEqual([
      '<a x=1&A y="> 3:1',
      '"\n  1 < 2<&\r"',
      '<b> 4:30',
      '</b>',
      '<c> 4:34',
      '"å"',
      '</c>',
      '</a>',
    ])
  })

  it.each([
    ['<a><b></a>', 'FIL-10 1:7'],
    ['<a>\n<b', 'FIL-06 2:1'],
    ['<a>', 'FIL-06 1:4'],
    ['<a/><b/>', 'FIL-10 1:5'],
    ['<a x="1" x="2"/>', 'FIL-10 1:10'],
    ['<a x=1/>', 'FIL-10 1:6'],
    ['<a>&nbsp;</a>', 'FIL-10 1:4'],
    ['<a>x & y</a>', 'FIL-10 1:6'],
    ['<a>]]></a>', 'FIL-10 1:4'],
    ['<a>\u0001</a>', 'FIL-10 1:4'],
    ['<a><!-- -- --></a>', 'FIL-10 1:9'],
    [' <?xml version="1.0"?><a/>', 'FIL-10 1:2'],
    ['<!DOCTYPE a><a/>', 'FIL-11 1:1'],
    ['<a><b><c><d><e/></d></c></b></a>', 'FIL-23 1:13'],
    [`<a>\n<!-- ${'x'.repeat(600)} --></a>`, 'nothing'],
    [`<a>\n<!-- ${'x'.repeat(600)}`, 'FIL-20 2:1'],
    ['x', 'FIL-10 1:1'],
    ['', 'FIL-10 1:1'],
  ])('stops at %s', (broken, expected) => {
    expect(stopOf(broken)).toBe(expected)
  })
})
