import { checkSync } from 'recheck'
import { describe, expect, it } from 'vitest'
import { findRegexes } from '../../scripts/find-regexes.ts'

const source = `
  // const comment = /not this/
  const text = '/nor this/'
  const one = /(a+)+$/u
  const two = z.string().regex(/^b$/)
  const three = new RegExp(text) ?? RegExp('c', 'g')
`

describe('the regular expressions of a source', () => {
  const found = findRegexes('a.ts', source)

  it('are all found, also the built ones, and nothing else', () => {
    expect(found.map(({ text }) => text)).toEqual(['/(a+)+$/u', '/^b$/', 'new RegExp(text)', "RegExp('c', 'g')"])
    expect(found.map(({ literal }) => literal)).toEqual([
      { pattern: '(a+)+$', flags: 'u' },
      { pattern: '^b$', flags: '' },
      null,
      null,
    ])
  })

  it('are judged: one that can hang is known', () => {
    expect(checkSync('(a+)+$', 'u').status).toBe('vulnerable')
    expect(checkSync('^b$', '').status).toBe('safe')
  })
})
