import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../../config/package-root.ts'

/** The feed's published contract, as the server hands it out at ?wsdl and ?xsd. */
export interface FeedContract {
  readonly wsdl: string
  readonly xsd: string
}

/** Reads the contract, and puts the server's own address in place of the one in the file. */
export async function readContract(endpointUrl: string): Promise<FeedContract> {
  const [wsdl, xsd] = await Promise.all(
    ['institutionsfeed-1.wsdl', 'institutionsfeed-1.xsd'].map((name) =>
      readFile(join(packageRoot, 'config', 'schemas', name), 'utf8'),
    ),
  )
  return {
    wsdl: (wsdl ?? '')
      .replace(/location="https:[^"]*"/, `location="${endpointUrl}"`)
      .replace('schemaLocation="institutionsfeed-1.xsd"', `schemaLocation="${endpointUrl}?xsd"`),
    xsd: xsd ?? '',
  }
}
