import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2'
import { fingerprintOf } from './make-host-key.ts'
import { calmMoods, type SftpMoods } from './moods.ts'
import { serveSftp } from './serve-sftp.ts'

/** Someone who may log in, and the folder they see as `/`. */
interface SftpUser {
  readonly username: string
  readonly root: string
  readonly password?: string
  /** A line as in an authorized_keys file. */
  readonly publicKey?: string
}

export interface SftpServerOptions {
  /** Private key in OpenSSH or PEM format. */
  readonly hostKey: string
  readonly users: readonly SftpUser[]
  readonly host?: string
  /** 0, the default, takes any free port. */
  readonly port?: number
  readonly moods?: Partial<SftpMoods>
}

/** A try to log in, as the server saw it. */
interface SeenLogin {
  readonly username: string
  readonly method: string
  readonly accepted: boolean
}

export interface SftpServer {
  readonly host: string
  readonly port: number
  /** Of the host key that the next connection is shown. */
  readonly fingerprint: string
  /** All tries to log in since the start, the oldest first. */
  readonly logins: readonly SeenLogin[]
  /** Bytes of files sent since the start. */
  readonly servedBytes: number
  /** Changes moods for one user, or for everybody; counts from the next request on. */
  setMood(change: Partial<SftpMoods>, username?: string): void
  /** Back to a well-behaved server for everybody. */
  calm(): void
  /** Shows another host key from the next connection on, as after a planned change or an attack. */
  changeHostKey(privateKey: string): void
  /** Resolves when no connection is open. */
  whenIdle(): Promise<void>
  close(): Promise<void>
}

/** Starts a real SFTP server for suppliers' folders on disk: for the demo, for tests, and for operators to try failures on. */
export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  let hostKey = options.hostKey
  let everybody: SftpMoods = { ...calmMoods, ...options.moods }
  const perUser = new Map<string, Partial<SftpMoods>>()
  const users = new Map(options.users.map((user) => [user.username, { ...user, parsedKey: parsePublicKey(user) }]))
  const sockets = new Set<Socket>()
  const logins: SeenLogin[] = []
  let servedBytes = 0

  const moodsOf = (username: string): SftpMoods => ({ ...everybody, ...perUser.get(username) })

  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    if (everybody.blackHole === 'connect') {
      // Read and thrown away, so that the client's goodbye is noticed.
      socket.resume()
      return
    }
    // One protocol server per connection: each can then show another host key, and knows the socket to cut.
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => serveConnection(connection, socket))
    server.injectSocket(socket)
  })

  function serveConnection(connection: Connection, socket: Socket): void {
    let username = ''
    // Clients that go away without a word are part of the game.
    connection.on('error', () => undefined)
    connection.on('authentication', (context) => {
      const user = users.get(context.username)
      const isAllowed = user !== undefined && mayLogIn(context, user)
      const isProbe = context.method === 'publickey' && context.signature === undefined
      if (!isProbe || !isAllowed) logins.push({ username: context.username, method: context.method, accepted: isAllowed })
      if (!isAllowed) return context.reject(['publickey', 'password'])
      username = context.username
      context.accept()
    })
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        const root = users.get(username)?.root
        if (root === undefined) return socket.destroy()
        const closeHandles = serveSftp({
          sftp: acceptSftp(),
          root,
          moods: () => moodsOf(username),
          cut: () => socket.destroy(),
          served: (bytes) => {
            servedBytes += bytes
          },
        })
        socket.on('close', () => void closeHandles())
      })
    })
  }

  const host = options.host ?? '127.0.0.1'
  listener.listen(options.port ?? 0, host)
  await once(listener, 'listening')

  return {
    host,
    port: (listener.address() as AddressInfo).port,
    get fingerprint() {
      return fingerprintOf(hostKey)
    },
    logins,
    get servedBytes() {
      return servedBytes
    },
    setMood(change, username) {
      if (username === undefined) everybody = { ...everybody, ...change }
      else perUser.set(username, { ...perUser.get(username), ...change })
    },
    calm() {
      everybody = calmMoods
      perUser.clear()
    },
    changeHostKey(privateKey) {
      hostKey = privateKey
    },
    async whenIdle() {
      for (const socket of sockets) await new Promise((resolve) => socket.once('close', resolve))
    },
    async close() {
      const closed = once(listener, 'close')
      listener.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

type KnownUser = SftpUser & { readonly parsedKey: ParsedKey | null }

function parsePublicKey({ username, publicKey }: SftpUser): ParsedKey | null {
  if (publicKey === undefined) return null
  const parsed = ssh2.utils.parseKey(publicKey)
  if (parsed instanceof Error) throw new Error(`public key of user ${username}: ${parsed.message}`)
  return parsed
}

function mayLogIn(context: AuthContext, user: KnownUser): boolean {
  if (context.method === 'password') return user.password !== undefined && sameSecret(context.password, user.password)
  if (context.method !== 'publickey' || user.parsedKey === null) return false
  if (!user.parsedKey.getPublicSSH().equals(context.key.data)) return false
  // A client first asks whether a key would do; only the second request is signed.
  if (context.signature === undefined || context.blob === undefined) return context.signature === undefined
  return user.parsedKey.verify(context.blob, context.signature, context.hashAlgo) === true
}

function sameSecret(given: string, known: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(known))
}
