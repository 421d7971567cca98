// Validates one file and prints what it cost, as one line of JSON. Run by bench/validate.ts, each time in a fresh process.
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { validateDelivery } from '../src/app/validate-delivery.ts'

const path = process.argv[2] ?? ''
let staged = 0
const start = performance.now()
const result = await validateDelivery({
  fileName: basename(path),
  content: createReadStream(path, { highWaterMark: 262_144 }),
  mandate: null,
  codeMap: {},
  emit: () => {
    staged += 1
  },
})
const ms = Math.round(performance.now() - start)
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ verdict: result.verdict, staged, findings: result.findingCounts, ms, rssMb })}\n`)
