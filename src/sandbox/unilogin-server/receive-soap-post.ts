import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { feedService, type SoapService, wsaImportService, wsiInstService } from '../../formats/unilogin/soap-service.ts'
import { answerSoapCall, type SoapReply } from './answer-soap-call.ts'
import type { FeedContract } from './read-contract.ts'
import type { SoapDesk } from './soap-desk.ts'

/** A delta is some 3 kB and a look-up of 500 numbers some 20 kB. */
const maxRequestBytes = 1_000_000
const services: readonly SoapService[] = [feedService, wsiInstService, wsaImportService]

/** Takes one HTTP request on the SOAP port: the steps of the ladder that need no XML, then the rest, then the weather. */
export function receiveSoapPost(
  desk: SoapDesk,
  contract: FeedContract,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const receivedAtMs = performance.now()
  const { pathname, search } = new URL(request.url ?? '/', 'https://localhost')
  const service = services.find((known) => known.path === pathname)
  const document = request.method === 'GET' && service === feedService ? toContractDocument(contract, search) : null
  if (document !== null) {
    response.writeHead(200, { 'Content-Type': 'text/xml; charset=UTF-8' }).end(document)
  } else if (service === undefined) {
    sendPlain(response, 404, 'Not Found')
  } else if (request.method !== 'POST') {
    sendPlain(response, 405, 'Method Not Allowed')
  } else if (!/^application\/soap\+xml\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    sendPlain(response, 415, 'Unsupported Media Type')
  } else {
    collectBody(request, (body) => {
      if (body === null) sendPlain(response, 413, 'Content Too Large')
      else
        sendThroughWeather(
          desk,
          response,
          receivedAtMs,
          answerSoapCall(desk, { service, text: body, clientCertificate: () => fingerprint(request.socket) }),
        )
    })
  }
}

function toContractDocument(contract: FeedContract, search: string): string | null {
  if (search === '?wsdl') return contract.wsdl
  return search === '?xsd' ? contract.xsd : null
}

/** Gives the body as text, or null when it is larger than the limit; nothing when the client goes away first. */
function collectBody(request: IncomingMessage, done: (body: string | null) => void): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  request.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length
    if (sizeBytes <= maxRequestBytes) chunks.push(chunk)
  })
  request.on('end', () => done(sizeBytes > maxRequestBytes ? null : Buffer.concat(chunks).toString('utf8')))
}

function sendThroughWeather(desk: SoapDesk, response: ServerResponse, receivedAtMs: number, reply: SoapReply): void {
  const { socket } = response
  const bytes = Buffer.from(reply.weather?.kind === 'badSignature' ? spoilSignature(reply.text) : reply.text)
  const headers = { 'Content-Type': reply.contentType, 'Content-Length': bytes.length }
  switch (reply.weather?.kind) {
    case 'refused':
    case 'reset':
    case 'lostAfterCommit':
      socket?.destroy()
      return
    case 'truncated':
      response.writeHead(reply.httpStatus, headers)
      response.write(bytes.subarray(0, bytes.length >> 1), () => socket?.destroy())
      return
    case 'slow': {
      const { instnr } = reply
      if (instnr !== null) desk.busy.add(instnr)
      const dueAtMs = receivedAtMs + reply.weather.delayMs
      const timer = setTimeout(() => response.writeHead(reply.httpStatus, headers).end(bytes), dueAtMs - performance.now())
      response.on('close', () => {
        clearTimeout(timer)
        if (instnr !== null) desk.busy.delete(instnr)
      })
      return
    }
    default:
      response.writeHead(reply.httpStatus, headers).end(bytes)
  }
}

/** The answer with another first character in its first digest; as it was when it is not signed. */
function spoilSignature(text: string): string {
  return text.replace(/(<ds:DigestValue>)(.)/, (_found, tag: string, first: string) => tag + (first === 'A' ? 'B' : 'A'))
}

function sendPlain(response: ServerResponse, httpStatus: number, text: string): void {
  response.writeHead(httpStatus, { 'Content-Type': 'text/plain; charset=UTF-8' }).end(`${text}\n`)
}

function fingerprint(socket: Socket): string | null {
  return socket instanceof TLSSocket ? (socket.getPeerCertificate().fingerprint256 ?? null) : null
}
