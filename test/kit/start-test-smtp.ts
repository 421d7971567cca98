import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { IssuedCertificate } from '../../src/sandbox/test-ca.ts'

/** A real SMTP server on this machine: STARTTLS, one user, and whatever it is told to refuse. */
export interface TestSmtp {
  readonly port: number
  /** Mails it took, as they came. */
  readonly mails: readonly TestMail[]
  /** Recipients it refuses from now on, `alle` of them or those given. */
  refuse(recipients: 'alle' | readonly string[]): void
  close(): Promise<void>
}

export interface TestMail {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  /** Headers, unfolded, by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** Its parts as text, by their type. */
  readonly parts: ReadonlyMap<string, string>
  readonly isSecure: boolean
}

export async function startTestSmtp(options: {
  readonly tls: IssuedCertificate
  readonly user: { readonly username: string; readonly password: string }
}): Promise<TestSmtp> {
  const mails: TestMail[] = []
  let refused: 'alle' | readonly string[] = []
  const server = new SMTPServer({
    key: options.tls.privateKey,
    cert: options.tls.certificate,
    logger: false,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === options.user.username && password === options.user.password
      done(isKnown ? null : new Error('wrong'), isKnown ? { user: username } : undefined)
    },
    onRcptTo: ({ address }, _session, done) => {
      if (refused === 'alle' || refused.includes(address)) return done(new Error(`no such mailbox ${address}`))
      return done()
    },
    onData: (stream, { envelope, secure }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const source = Buffer.concat(chunks).toString('utf8')
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const headers = headersOf(source)
        const subject = fromWords(headers.get('subject') ?? '')
        const to = envelope.rcptTo.map(({ address }) => address)
        mails.push({ from, to, subject, headers, parts: partsOf(source), isSecure: secure })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: (recipients) => {
      refused = recipients
    },
    close: () => new Promise((done) => server.close(() => done())),
  }
}

function headersOf(source: string): Map<string, string> {
  const [head = ''] = source.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]))
}

/** A header's text, its encoded words read. */
function fromWords(text: string): string {
  return text
    .replace(/\?= =\?UTF-8\?Q\?/g, '')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/g, (_all, word: string) => fromQuoted(word.replaceAll('_', ' ')))
}

function fromQuoted(text: string): string {
  const hex = /=([0-9A-F]{2})/g
  const bytes = text.replace(/=\r\n/g, '').replace(hex, (_all, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The parts of a mail as text, by their type. */
function partsOf(source: string): Map<string, string> {
  const boundary = /boundary="([^"]+)"/.exec(source)?.[1]
  const sources = boundary === undefined ? [source] : source.split(`--${boundary}`).slice(1, -1)
  return new Map(
    sources.map((part) => {
      const own = part.trimStart()
      const headers = headersOf(own)
      const body = own.slice(own.indexOf('\r\n\r\n') + 4)
      const isBase64 = headers.get('content-transfer-encoding') === 'base64'
      const [type = ''] = (headers.get('content-type') ?? '').split(';')
      return [type, (isBase64 ? Buffer.from(body, 'base64').toString('utf8') : fromQuoted(body)).replaceAll('\r\n', '\n')]
    }),
  )
}
