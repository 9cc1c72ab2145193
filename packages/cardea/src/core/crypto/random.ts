import { randomFillSync } from 'node:crypto'

const poolSize = 8192

/** Draws from a pool: a system call per token costs several times what the rest of minting one does. */
function randomSource(): (bytes: number) => string {
  const pool = Buffer.alloc(poolSize)
  let offset = poolSize
  return (bytes) => {
    if (offset + bytes > poolSize) {
      randomFillSync(pool)
      offset = 0
    }
    const text = pool.toString('base64url', offset, offset + bytes)
    // Used bytes do not stay in memory, where a heap dump would show tokens that are still alive.
    pool.fill(0, offset, offset + bytes)
    offset += bytes
    return text
  }
}

/** Random bytes of the operating system's CSPRNG as base64url. At most 1024 bytes. */
export const randomText: (bytes: number) => string = randomSource()
