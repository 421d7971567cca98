import type { Prefixes } from '../../formats/unilogin/soap-envelope.ts'
import { seededDraw } from './seeded-draw.ts'

/** Ways different SOAP stacks write the same namespaces. */
const styles: readonly Prefixes[] = [
  { soap: 'soap', wsa: 'wsa', wsse: 'wsse', wsu: 'wsu', bpi: 'bpi', service: 'f' },
  { soap: 'env', wsa: 'a', wsse: 'o', wsu: 'u', bpi: 'ns3', service: 'ns2' },
  { soap: 'S', wsa: 'wsa5', wsse: 'sec', wsu: 'util', bpi: 'b', service: 'ns4' },
  { soap: 'SOAP-ENV', wsa: 'add', wsse: 'wss', wsu: 'wsutil', bpi: 'com', service: 'soap' },
]

/** The prefixes of one answer. They vary from answer to answer, as STIL says those of its services do. */
export function answerPrefixes(seed: number, ...words: readonly string[]): Prefixes {
  return styles[Math.floor(seededDraw(seed, 'prefixes', ...words) * styles.length)] ?? (styles[0] as Prefixes)
}
