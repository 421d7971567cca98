import { describe, expect, it } from 'vitest'
import { styleSheet } from '../../src/console/style-sheet.ts'

const [light = '', dark = ''] = styleSheet.text
  .split('@media (prefers-color-scheme: dark)')
  .map((part) => part.slice(0, part.indexOf('}\n')))

/** Every colour of text with what it stands on. */
const pairs = [
  ['ink', 'ground'],
  ['ink', 'paper'],
  ['ink', 'calm-ground'],
  ['ink', 'good-ground'],
  ['ink', 'bad-ground'],
  ['ink', 'warn-ground'],
  ['soft', 'ground'],
  ['soft', 'paper'],
  ['soft', 'calm-ground'],
  ['soft', 'bad-ground'],
  ['link', 'ground'],
  ['link', 'paper'],
  ['link', 'bad-ground'],
  ['good', 'ground'],
  ['good', 'paper'],
  ['bad', 'ground'],
  ['bad', 'paper'],
  ['warn', 'ground'],
  ['warn', 'paper'],
  ['old', 'paper'],
  ['new', 'paper'],
  ['paper', 'bad'],
  ['button-ink', 'button'],
] as const

describe.each([
  ['light', light],
  ['dark', dark],
])('the colours in the %s', (_scheme, rules) => {
  it.each(pairs)('%s on %s can be read: 4.5 to 1 or more', (text, ground) => {
    expect(contrast(colourOf(rules, text), colourOf(rules, ground))).toBeGreaterThanOrEqual(4.5)
  })
})

function colourOf(rules: string, name: string): string {
  const colour = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(rules)?.[1]
  if (colour === undefined) throw new Error(`no colour ${name}`)
  return colour
}

/** Source: WCAG 2.1, contrast ratio. */
function contrast(one: string, other: string): number {
  const [a = 0, b = 0] = [luminance(one), luminance(other)].sort((x, y) => y - x)
  return (a + 0.05) / (b + 0.05)
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
