import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { headerOnly, type MessageSecurity } from '../../formats/unilogin/message-security.ts'
import { feedService } from '../../formats/unilogin/soap-service.ts'
import type { Clock } from '../../ports/clock.ts'
import { type FeedContract, readContract } from './read-contract.ts'
import { receiveSoapPost } from './receive-soap-post.ts'
import { SandboxSettings, SandboxSystem } from './sandbox-settings.ts'
import { openSandboxState, type SandboxState } from './sandbox-state.ts'
import { createSideDoor } from './side-door.ts'
import type { SoapDesk } from './soap-desk.ts'

/** Longer than clients keep an idle connection, so that they seldom write to one we are closing. */
const keepAliveMs = 65_000

export interface UniloginServerOptions {
  /** The sandbox's own SQLite file; made when it is not there, and carried on from when it is. */
  readonly stateFile: string
  /** PEM texts. */
  readonly tls: { readonly key: string; readonly cert: string }
  readonly clock: Clock
  /** Decides every lot the sandbox draws: weather, prefixes, left-out fields. */
  readonly seed: number
  /** 0, the default, takes a free port. */
  readonly port?: number
  readonly sideDoorPort?: number
  /** Address to listen on for SOAP; 127.0.0.1 by default. The side door is always on 127.0.0.1. */
  readonly host?: string
  readonly settings?: Partial<SandboxSettings>
  /** Let in when the state file is new; by default the id the worker's settings start with, for all municipalities. */
  readonly systems?: readonly SandboxSystem[]
  /** Signs answers and verifies requests by the sandbox's own clock; `headerOnly` when not given. */
  readonly security?: (clock: Clock) => MessageSecurity
}

export interface UniloginServer {
  readonly port: number
  /** Base URL for the worker's settings, https. */
  readonly url: string
  /** Base URL of the side door: plain HTTP, paths under `/_sandbox/`. */
  readonly sideDoorUrl: string
  close(): Promise<void>
}

/** Starts a Unilogin to test against: the institution feed and the look-up over real HTTPS, with rules, weather and a memory. */
export async function startUniloginServer(options: UniloginServerOptions): Promise<UniloginServer> {
  const settings = SandboxSettings.parse(options.settings ?? {})
  const { stateFile, clock, seed, systems = [SandboxSystem.parse({ id: 'DSSYNC01' })] } = options
  const state = openSandboxState({ stateFile, clock, seed, systems })
  const desk: SoapDesk = { state, settings, seed, security: options.security?.(state.clock) ?? headerOnly, busy: new Set() }
  const host = options.host ?? '127.0.0.1'
  let contract: FeedContract = { wsdl: '', xsd: '' }

  // A certificate is asked for but not demanded; the ladder decides whether it is the right one.
  const soapServer = createHttpsServer({ ...options.tls, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    receiveSoapPost(desk, contract, request, response)
  })
  soapServer.keepAliveTimeout = keepAliveMs
  soapServer.prependListener('connection', (socket) => refuseInBadWeather(state, socket))
  const sideDoorServer = createHttpServer(getRequestListener(createSideDoor(state).fetch))

  const port = await listen(soapServer, options.port ?? 0, host)
  const sideDoorPort = await listen(sideDoorServer, options.sideDoorPort ?? 0, '127.0.0.1')
  const url = `https://${host === '0.0.0.0' ? 'localhost' : host}:${port}`
  contract = await readContract(url + feedService.path)

  return {
    port,
    url,
    sideDoorUrl: `http://127.0.0.1:${sideDoorPort}`,
    async close() {
      await Promise.all([stop(soapServer), stop(sideDoorServer)])
      state.close()
    },
  }
}

function refuseInBadWeather(state: SandboxState, socket: Duplex): void {
  if (!state.weather.list().some((rule) => rule.kind === 'refused')) return
  const repeat = state.calls.count('connect', '-')
  if (state.weather.strike({ at: state.clock.now(), operation: null, numbers: [], repeat }) !== null) socket.destroy()
}

async function listen(server: Server | HttpsServer, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

async function stop(server: Server | HttpsServer): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
