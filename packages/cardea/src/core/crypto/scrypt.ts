import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

// OWASP's least for scrypt: N = 2^17, r = 8, p = 1 needs 128 MB a hash; N = 2^14, p = 5 costs as much to guess with 16 MB.
const cost = { N: 2 ** 14, r: 8, p: 5 } as const
const keyLength = 32
const phc = /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,88})\$([A-Za-z0-9+/]{43})$/

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

const derive = (secret: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(secret, salt, keyLength, { N, r, p, maxmem: 256 * r * (N + p) }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

/** PHC string of a slow hash, for what people choose. About 100 ms of processor time, off the event loop. */
export async function scryptHash(secret: string): Promise<string> {
  const salt = randomBytes(16)
  return `$scrypt$ln=${Math.log2(cost.N)},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(await derive(secret, salt, cost))}`
}

/** False for a wrong secret and for a string this cannot read. */
export async function scryptVerify(hash: string, secret: string): Promise<boolean> {
  const [, ln, r, p, salt = '', key = ''] = phc.exec(hash) ?? []
  if (ln === undefined || Number(ln) > 20) return false
  const derived = await derive(secret, Buffer.from(salt, 'base64'), { N: 2 ** Number(ln), r: Number(r), p: Number(p) })
  return timingSafeEqual(derived, Buffer.from(key, 'base64'))
}
