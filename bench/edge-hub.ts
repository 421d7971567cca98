// The host with the register: puts so many files into the shared store, asks for their validation, and takes in what edge workers find.
// Called by bench/edge.ts with a file of settings, `register` or `register,edge` as roles, and the size of the country. Prints when
// it is ready, after a line on its standard input how long it took and what the register says, each as a line of JSON.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileIdOf } from '../src/app/file-id.ts'
import { requestValidation } from '../src/app/intake-files.ts'
import { canonicalJson, sha256Hex } from '../src/domain/ids.ts'
import { toBusinessDate } from '../src/domain/time.ts'
import { parts } from '../src/main/parts.ts'
import { aFile, aNightRun } from '../test/kit/builders.ts'
import { nightCountry } from './night-country.ts'

const [settingsFile = '', roles = 'register', scale = '1'] = process.argv.slice(2)
const program = await parts.openQueue(parts.loadSettings(JSON.parse(readFileSync(settingsFile, 'utf8'))))
const { register, files: store } = program.register
const date = toBusinessDate(program.clock.now())
const files = await Promise.all(
  nightCountry(Number(scale)).before.map(async ({ supplierId, fileName: name, bytes }) => {
    const { sha256, sizeBytes } = await store.put(bytes)
    return aFile(fileIdOf({ supplierId, sha256, declared: '' }), { supplierId, sha256, sizeBytes, name, date })
  }),
)
register.write((tx) => {
  tx.nights.insert(aNightRun({ date, state: 'open' }))
  for (const file of files) tx.files.insert(file)
})
const waiting = () => register.read((tx) => tx.files.ofNight(date, ['stored']).length)
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)
say({ files: files.length })

for await (const _ of createInterface(process.stdin)) break
const worker = await program.startWorker(roles === 'register' ? ['register'] : ['register', 'edge'])
const startedAt = performance.now()
await program.queue.add(await Promise.all(files.map((file) => requestValidation(program.register, file))))
for (let [left, told] = [files.length, files.length]; left > 0; left = waiting()) {
  if (left < told) say({ left })
  told = left
  await new Promise((wake) => setTimeout(wake, 50))
}
const ms = performance.now() - startedAt
// What validation found: planning has begun by now, and is no part of this.
const found = register.read((tx) =>
  tx.files
    .ofNight(date)
    .map(({ fileId, read, accepted, rejected, stagedSha256 }) => ({ fileId, read, accepted, rejected, stagedSha256 })),
)
say({ ms, outcome: sha256Hex(canonicalJson(found)) })
await worker.stop(1_000)
await program.close()
process.exit(0)
