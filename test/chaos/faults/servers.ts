import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Supplier } from '../../../config/settings.ts'
import { weatherKinds } from '../../../src/sandbox/unilogin-server/weather.ts'
import { type OpenSshServer, startOpenSsh } from '../../kit/openssh.ts'
import type { Fault } from '../ordeal.ts'

/** Servers other than our sandbox, and a Unilogin in every weather it can have. */
export const servers: readonly Fault[] = [
  killedAgainst('OpenSSH', () => startOpenSsh({ root: '/' })),
  {
    name: 'Unilogin weather',
    nights: 3,
    settings: { outage: { failures: 3, probeDelaysMs: [200] } },
    strike: async (night, random) => {
      const worker = night.worker()
      worker.start()
      const put = (rules: readonly object[]) =>
        fetch(`${night.world.denmark.unilogin.sideDoorUrl}/_sandbox/weather`, { method: 'PUT', body: JSON.stringify(rules) })
      // What a person must mend, a certificate of ours, is left out.
      const kinds = random.shuffle(weatherKinds.filter((kind) => kind !== 'certificateRefused'))
      for (const kind of kinds) {
        await put([{ kind, probability: random.pick([0.5, 1]) }])
        await pause(random.between(100, 600))
      }
      await put([])
      await night.untilClosed(worker)
      return kinds
    },
  },
]

/** A night on which the suppliers' files lie behind another server, and the worker is killed in the middle of it. */
function killedAgainst(name: string, start: () => Promise<OpenSshServer>): Fault {
  const serving: { server: OpenSshServer | null } = { server: null }
  return {
    name: `${name}, worker killed`,
    nights: 2,
    before: async () => {
      serving.server = await start()
      return () => serving.server?.close()
    },
    suppliers: (own, dir) => own.map((supplier) => behind(serving.server as OpenSshServer, supplier, dir)),
    strike: async (night, random) => {
      const worker = night.worker()
      const struck: string[] = []
      for (const line of [random.between(6, 20), random.between(6, 30)]) {
        worker.start()
        await worker.untilLine(line)
        await worker.kill()
        struck.push(`line ${line}`)
      }
      await night.untilClosed(worker)
      return struck
    },
  }
}

function behind(server: OpenSshServer, supplier: Supplier, dir: string): Supplier {
  const home = join(dir, 'sandbox/sftp', supplier.id)
  return {
    ...supplier,
    host: server.host,
    port: server.port,
    username: server.username,
    privateKeyFile: server.privateKeyFile,
    hostKeys: { current: server.fingerprint },
    folder: join(home, 'ud'),
    ...(supplier.readFolder === undefined ? {} : { readFolder: join(home, supplier.readFolder) }),
  }
}
