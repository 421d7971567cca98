// One full export of one register into nothing, in a process of its own: node export-one.js <register.sqlite> <csv|json>
import { openRegister } from '../src/adapters/sqlite/open-register.ts'
import { openExport } from '../src/app/export-register.ts'
import { parseExportRequest } from '../src/app/export-request.ts'

const [path = '', format = 'csv'] = process.argv.slice(2)
const register = openRegister(path)
const start = performance.now()
const settings = { kodetabeller: { lovgrundlag: {} } } as never
const opened = openExport({ register, settings }, parseExportRequest({ format }))
let bytes = 0
for (const chunk of opened.chunks) bytes += Buffer.byteLength(chunk)
const ms = Math.round(performance.now() - start)
opened.close()
register.close()
const rssMb = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(`${JSON.stringify({ units: opened.units(), bytes, ms, rssMb })}\n`)
