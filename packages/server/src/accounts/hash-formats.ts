import { scryptHasher } from 'cardea'

/** A format of hashes that are verified here. */
interface HashFormat {
  readonly name: string
  /** Bounded in its costs: a hash that takes a minute, or gigabytes, is an attack by whoever wrote it. */
  readonly shape: RegExp
  /** Absent: the hasher's own. */
  readonly verify?: (hash: string, secret: string) => Promise<boolean>
}

async function bcryptVerify(hash: string, secret: string): Promise<boolean> {
  // Loaded when the first such hash is met: nearly every server never has one.
  const { verify } = await import('@node-rs/bcrypt')
  return verify(secret, hash)
}

const formats: readonly HashFormat[] = [
  {
    name: '$argon2id$v=19$… of at most 256 MiB',
    shape:
      /^\$argon2id\$v=19\$m=(?:\d{1,5}|1\d{5}|2[0-5]\d{4}|26[01]\d{3}|262144),t=(?:1?\d|20),p=(?:\d|1[0-6])\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{22,88}$/,
  },
  {
    name: '$scrypt$ln=…,r=…,p=… with ln up to 17',
    shape:
      /^\$scrypt\$ln=(?:[1-9]|1[0-7]),r=(?:[1-9]|1[0-6]),p=(?:[1-9]|1[0-6])\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{43}$/,
    verify: scryptHasher.verify,
  },
  {
    name: '$2a$, $2b$ or $2y$ (bcrypt) with a cost of 4 to 15',
    shape: /^\$2[aby]\$(?:0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/,
    verify: bcryptVerify,
  },
]

const formatOf = (hash: string): HashFormat | undefined => formats.find(({ shape }) => shape.test(hash))

/** Completes "must be": what a hash may look like that is moved here from elsewhere. */
export const validHashes = `a hash as it was stored: ${formats.map(({ name }) => name).join('; ')}; nothing before or after it`

export const isKnownHash = (hash: string): boolean => formatOf(hash) !== undefined

/** Made by another program, and better made anew as soon as the secret is known. */
export const isForeignHash = (hash: string): boolean => formatOf(hash)?.verify !== undefined

/** How to verify a hash of another program's, or undefined for any other text. */
export const foreignVerifier = (hash: string): HashFormat['verify'] => formatOf(hash)?.verify
