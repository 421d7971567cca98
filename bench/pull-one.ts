// Pulls a folder as the worker does, in a process of its own: listed, fetched four at a time, hashed, flushed, each file looked at once more
// behind the last byte. Called by bench/pull.ts with a supplier's settings as JSON and a folder for the file store.
import { parseSettings } from '../config/load-settings.ts'
import { createFolderFileStore } from '../src/adapters/files/create-folder-file-store.ts'
import { createSftpInbox } from '../src/adapters/sftp/create-sftp-inbox.ts'
import { createLog } from '../src/adapters/system/create-log.ts'

const [supplier = '', folder = ''] = process.argv.slice(2)
const { suppliers, sftp } = parseSettings({
  unilogin: { baseUrl: 'https://localhost' },
  cutoffs: [{ navn: 'morgen', time: '06:00' }],
  suppliers: [JSON.parse(supplier)],
})
const store = await createFolderFileStore(folder)
const session = await createSftpInbox({ suppliers, sftp, log: createLog({ level: 'error' }) }).open(suppliers[0]?.id ?? '')
const waiting = (await session.list()).values()
const sums: string[] = []
await Promise.all(
  Array.from({ length: sftp.parallelFiles }, async () => {
    for (const entry of waiting) sums.push((await store.put(session.fetch(entry))).sha256)
  }),
)
await session.close()
process.stdout.write(JSON.stringify(sums.sort()))
