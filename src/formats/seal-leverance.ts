import { sha256Hex } from '../domain/ids.ts'
import { encodeMarkup } from './file-checksum.ts'
import { checksumElement } from './leverance-elements.ts'

/**
 * Puts into leverance XML, as its last element, the checksum of every byte before that element: `kontrolsum` of
 * leverance-1.xsd. Done last, since it counts bytes: the file's own encoding and byte order mark are kept.
 * @throws RangeError when the bytes have no end tag `</leverance>`.
 */
export function sealLeverance(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = file.lastIndexOf(encodeMarkup('</leverance>', file))
  if (end === -1) throw new RangeError('no </leverance> to put a checksum before')
  const covered = Buffer.concat([file.subarray(0, end), encodeMarkup('  ', file)])
  const element = encodeMarkup(`<${checksumElement}>${sha256Hex(covered)}</${checksumElement}>\n`, file)
  return Buffer.concat([covered, element, file.subarray(end)])
}
