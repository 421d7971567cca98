// Two Unilogins in a process of their own, with the memory of the night before: one that signs, and one that asks for no
// signature, for what cannot sign. Called by bench/night.ts with a folder and the ms that each answer is late; ends with its standard input.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../src/adapters/system/system-clock.ts'
import { startSmallDenmark } from '../src/sandbox/start-small-denmark.ts'
import { startUniloginServer } from '../src/sandbox/unilogin-server/start-unilogin-server.ts'

const [dir = '', lateMs = '20'] = process.argv.slice(2)
const clock = systemClock
const denmark = await startSmallDenmark({ dir, clock, seed: 1 })
const unsigned = await startUniloginServer({
  stateFile: join(dir, 'unsigned.sqlite'),
  tls: { key: readFileSync(join(dir, 'unilogin.key'), 'utf8'), cert: readFileSync(join(dir, 'unilogin.pem'), 'utf8') },
  clock,
  seed: 1,
})
const weather = JSON.stringify([{ kind: 'slow', delayMs: Number(lateMs) }])
for (const { sideDoorUrl } of [denmark.unilogin, unsigned])
  await fetch(`${sideDoorUrl}/_sandbox/weather`, { method: 'PUT', body: weather })
const { unilogin } = denmark.settings
const sideDoors = [denmark.unilogin.sideDoorUrl, unsigned.sideDoorUrl]
process.stdout.write(`${JSON.stringify({ unilogin, unsigned: unsigned.url, sideDoors })}\n`)
for await (const _ of process.stdin);
await Promise.all([denmark.close(), unsigned.close()])
