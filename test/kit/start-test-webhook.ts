import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { IssuedCertificate } from '../../src/sandbox/test-ca.ts'

/** A real receiver of messages over HTTPS that checks their signature, as one of the operators' would. */
export interface TestWebhook {
  readonly url: string
  /** What came with a signature that holds. */
  readonly received: readonly Readonly<Record<string, unknown>>[]
  /** What it answers from now on; null: nothing at all. */
  answer(status: number | null): void
  close(): Promise<void>
}

export async function startTestWebhook(options: {
  readonly tls: IssuedCertificate
  readonly secret: string
}): Promise<TestWebhook> {
  const received: Record<string, unknown>[] = []
  let status: number | null = 204
  const server = createServer({ key: options.tls.privateKey, cert: options.tls.certificate }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    if (status === null) return
    const [, seconds = '', given = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(`${request.headers['dagtilbud-signatur']}`) ?? []
    const isOurs = createHmac('sha256', options.secret).update(`${seconds}.${body}`).digest('hex') === given
    if (isOurs && status < 300) received.push(JSON.parse(body))
    response.writeHead(isOurs ? status : 401, status === 302 ? { Location: '/et-andet-sted' } : {}).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/besked`,
    received,
    answer: (next) => {
      status = next
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
