import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** Cost of a hash. */
export interface HashCost {
  /** Power of two: memory and time. */
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 32 MB and about a tenth of a second. Source: OWASP Password Storage Cheat Sheet, scrypt. */
export const strongCost: HashCost = { N: 2 ** 15, r: 8, p: 3 }

const keyBytes = 32

/** Hashes a password with a salt of its own; the text names the cost, so that it can be raised later. */
export async function hashPassword(password: string, { N, r, p }: HashCost): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, { N, r, p })
  return ['scrypt', N, r, p, salt.toString('base64'), key.toString('base64')].join('$')
}

export async function fitsHash(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = hash.split('$')
  const derived = await derive(password, Buffer.from(salt, 'base64'), { N: Number(N), r: Number(r), p: Number(p) })
  const wanted = Buffer.from(key, 'base64')
  return derived.length === wanted.length && timingSafeEqual(derived, wanted)
}

/** Waits for its turn: two at once would take twice the memory, and a crowd of them the machine. */
let turn: Promise<unknown> = Promise.resolve()

function derive(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 2 ** 20 + 128 * cost.r * (cost.N + cost.p) }
  const derived = turn.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        // NFKC: the same password typed on another keyboard is the same password.
        scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)))
      }),
  )
  turn = derived.catch(() => undefined)
  return derived
}
