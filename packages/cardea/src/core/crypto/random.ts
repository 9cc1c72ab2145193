import { randomFillSync } from 'node:crypto'

const poolSize = 8192
/** That can be drawn at once. */
export const mostBytes = 1024

interface RandomSource {
  text(bytes: number): string
  buffer(bytes: number): Buffer
}

/** Draws from a pool: a system call per token costs several times what the rest of minting one does. */
function randomSource(): RandomSource {
  const pool = Buffer.alloc(poolSize)
  let offset = poolSize
  const draw = <Drawn>(count: number, read: (from: number) => Drawn): Drawn => {
    if (offset + count > poolSize) {
      randomFillSync(pool)
      offset = 0
    }
    const drawn = read(offset)
    // Used bytes do not stay in memory, where a heap dump would show tokens that are still alive.
    pool.fill(0, offset, offset + count)
    offset += count
    return drawn
  }
  return {
    text: (bytes) => draw(bytes, (from) => pool.toString('base64url', from, from + bytes)),
    buffer: (bytes) => draw(bytes, (from) => Buffer.from(pool.subarray(from, from + bytes))),
  }
}

const source = randomSource()

/** Random bytes of the operating system's CSPRNG as base64url. At most 1024 bytes. */
export const randomText: (bytes: number) => string = source.text

/** The same in a buffer of its own. */
export const randomBuffer: (bytes: number) => Buffer = source.buffer
