/**
 * XML namespaces of the Unilogin documents. All but `feed` are the ones STIL's BPI services use on the wire, as public
 * clients and WSDLs show them; `feed` is our own contract and belongs to nobody else.
 */
export const namespaces = {
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  bpi: 'https://brugerdatabasen.stil.dk/bpi/common/3',
  wsaImport: 'https://brugerdatabasen.stil.dk/bpi/wsaimport/8',
  wsiInst: 'https://brugerdatabasen.stil.dk/bpi/wsiinst/6',
  feed: 'urn:dagtilbud:institutionsfeed:1',
} as const

/** The address that means "answer on this connection". Source: WS-Addressing 1.0 Core, section 2.1. */
export const anonymousAddress = 'http://www.w3.org/2005/08/addressing/anonymous'
