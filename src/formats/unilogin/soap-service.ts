import { namespaces } from './namespaces.ts'

/** One SOAP service: where it is posted to, and the namespace of its operations. */
export interface SoapService {
  /** Path below the base URL. */
  readonly path: string
  readonly namespace: string
  readonly portType: string
}

/** Our own contract; see docs/unilogin.md. The contract's version is in the path. */
export const feedService: SoapService = {
  path: '/institutionsfeed/1',
  namespace: namespaces.feed,
  portType: 'InstitutionsfeedPortType',
}

/** STIL's look-up of institutions. Source: public clients of wsiINST v6; the port type's name is from the v5 WSDL. */
export const wsiInstService: SoapService = {
  path: '/bpi/wsiinst/6',
  namespace: namespaces.wsiInst,
  portType: 'WsiInstPortType',
}

/** STIL's import of users, asked here for data agreements only. Source: a public client of wsaIMPORT v8; the port type's name is ours. */
export const wsaImportService: SoapService = {
  path: '/bpi/wsaimport/8',
  namespace: namespaces.wsaImport,
  portType: 'WsaImportPortType',
}

/** The action of a request: namespace, slash, operation. Source: the BPI WSDLs in public clients. */
export function requestAction(namespace: string, operation: string): string {
  return `${namespace}/${operation}`
}

/** The action of an answer, with the port type in the middle. Source: a signed answer in a public client's samples. */
export function answerAction(namespace: string, portType: string, operation: string): string {
  return `${namespace}/${portType}/${operation}Response`
}
