import { readFile } from 'node:fs/promises'
import ssh2 from 'ssh2'
import type { Supplier } from '../../../config/settings.ts'
import { ConfigError } from '../../domain/errors.ts'

/** What proves to a supplier's server who we are. Lives as long as one login; never logged. */
export type SupplierLogin =
  | { readonly kind: 'publickey'; readonly privateKey: Buffer }
  | { readonly kind: 'password'; readonly password: string }

const dataState = 'nothing was fetched or delivered; the files stay at the supplier'

/**
 * Reads the key or password named in the supplier's settings, anew at every login so that a replaced secret counts at once.
 * @throws CONFIG_SETTING_INVALID when not exactly one of the two is set, or the key cannot be used; CONFIG_FILE_UNREADABLE
 */
export async function loadSupplierLogin(supplier: Supplier): Promise<SupplierLogin> {
  const { id, privateKeyFile, passwordFile } = supplier
  if (privateKeyFile !== undefined && passwordFile === undefined) {
    const privateKey = await readSecret(id, 'privateKeyFile', privateKeyFile)
    assertUsableKey(id, privateKey)
    return { kind: 'publickey', privateKey }
  }
  if (passwordFile !== undefined && privateKeyFile === undefined) {
    const password = (await readSecret(id, 'passwordFile', passwordFile)).toString('utf8').replace(/\r?\n$/, '')
    return { kind: 'password', password }
  }
  throw new ConfigError(
    'CONFIG_SETTING_INVALID',
    `supplier "${id}" has ${privateKeyFile ? 'both' : 'neither'} a key and a password`,
    {
      dataState,
      hint: `set exactly one of privateKeyFile and passwordFile for supplier "${id}"`,
      facts: { supplierId: id },
    },
  )
}

async function readSecret(supplierId: string, setting: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new ConfigError('CONFIG_FILE_UNREADABLE', `${setting} of supplier "${supplierId}" could not be read: ${path}`, {
      dataState,
      hint: 'check that the file is there and that the user the worker runs as may read it',
      facts: { supplierId, setting, path },
      cause,
    })
  }
}

/** The parser's own message never holds key material; the key itself must not end up in an error, so no cause is kept. */
function assertUsableKey(supplierId: string, privateKey: Buffer): void {
  const parsed = ssh2.utils.parseKey(privateKey)
  if (!(parsed instanceof Error) && parsed.isPrivateKey()) return
  const seen = parsed instanceof Error ? parsed.message : 'the file holds a public key'
  throw new ConfigError(
    'CONFIG_SETTING_INVALID',
    `privateKeyFile of supplier "${supplierId}" is not a usable private key: ${seen}`,
    {
      dataState,
      hint: 'the file must hold one private key in OpenSSH or PEM format, without a passphrase',
      facts: { supplierId, setting: 'privateKeyFile' },
    },
  )
}
