import { agreementsOperationName, isAgreementsRequest } from '../../formats/unilogin/data-agreements.ts'
import { helloOperationName, isHelloRequest } from '../../formats/unilogin/hello-world.ts'
import { type DeltaRequest, deltaOperationName, readDeltaRequest } from '../../formats/unilogin/institution-delta.ts'
import { lookupOperationName, readLookupRequest } from '../../formats/unilogin/institution-lookup.ts'
import { namespaces } from '../../formats/unilogin/namespaces.ts'
import type { ReadResult } from '../../formats/unilogin/read-result.ts'
import { isNamed, type XmlElement } from '../../formats/unilogin/read-xml.ts'
import { feedService, type SoapService, wsaImportService, wsiInstService } from '../../formats/unilogin/soap-service.ts'
import type { SandboxSettings } from './sandbox-settings.ts'

/** A request whose operation we know; its content may still be wrong. */
export interface SoapRequest {
  readonly namespace: string
  readonly operation: string
  readonly instnr: string | null
  readonly delta: ReadResult<DeltaRequest> | null
  readonly lookup: ReadResult<readonly string[]> | null
}

/** Dispatches on the body element's namespace and name; null for an operation the service does not have. */
export function readRequest(
  service: SoapService,
  body: XmlElement,
  { agreementsNamespace }: Pick<SandboxSettings, 'agreementsNamespace'>,
): SoapRequest | null {
  if (isHelloRequest(body))
    return { namespace: namespaces.bpi, operation: helloOperationName, instnr: null, delta: null, lookup: null }
  if (service === wsaImportService && isAgreementsRequest(body)) {
    const spokenIn = body.namespaceURI === namespaces.bpi ? 'bpi' : 'service'
    if (agreementsNamespace !== 'both' && agreementsNamespace !== spokenIn) return null
    return {
      namespace: body.namespaceURI ?? '',
      operation: agreementsOperationName,
      instnr: null,
      delta: null,
      lookup: null,
    }
  }
  if (service === feedService && isNamed(body, feedService.namespace, deltaOperationName)) {
    const delta = readDeltaRequest(body)
    return {
      namespace: service.namespace,
      operation: deltaOperationName,
      instnr: delta.ok ? delta.value.record.instnr : null,
      delta,
      lookup: null,
    }
  }
  if (service === wsiInstService && isNamed(body, wsiInstService.namespace, lookupOperationName)) {
    return {
      namespace: service.namespace,
      operation: lookupOperationName,
      instnr: null,
      delta: null,
      lookup: readLookupRequest(body),
    }
  }
  return null
}
