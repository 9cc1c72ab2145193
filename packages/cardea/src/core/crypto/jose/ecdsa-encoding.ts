const integerTag = 0x02
const sequenceTag = 0x30
/** X.690 §8.1.3.5: the length is in the byte after this one. */
const oneLengthByte = 0x81

function startOf(number: Buffer): number {
  let start = 0
  while (start < number.length - 1 && number[start] === 0) start++
  return start
}

/** X.690 §8.3: as short as it can be, and with its first bit off, which is the sign. */
function writeInteger(der: number[], number: Buffer): void {
  const start = startOf(number)
  const isPadded = (number[start] as number) > 0x7f
  der.push(integerTag, number.length - start + (isPadded ? 1 : 0))
  if (isPadded) der.push(0)
  for (let at = start; at < number.length; at++) der.push(number[at] as number)
}

/**
 * An ECDSA signature as OpenSSL has it (RFC 3279 §2.2.3), of one as JOSE has it (RFC 7518 §3.4). Node.js turns one into the
 * other itself, but asks OpenSSL about the curve each time, which takes half as long as the signature.
 * @param raw r and s side by side, of an even number of bytes
 */
export function derFrom(raw: Buffer): Buffer {
  const content: number[] = []
  const half = raw.length / 2
  writeInteger(content, raw.subarray(0, half))
  writeInteger(content, raw.subarray(half))
  const head = content.length > 0x7f ? [sequenceTag, oneLengthByte, content.length] : [sequenceTag, content.length]
  return Buffer.from([...head, ...content])
}

/**
 * The other way round, for what OpenSSL has made.
 * @param bytes of the raw signature
 * @throws TypeError where it is longer than that: the key is of another curve
 */
export function rawFrom(der: Buffer, bytes: number): Buffer {
  const half = bytes / 2
  const raw = Buffer.alloc(bytes)
  let at = der[1] === oneLengthByte ? 3 : 2
  for (const end of [half, bytes]) {
    const length = der[at + 1] as number
    const number = der.subarray(at + 2, at + 2 + length)
    const start = startOf(number)
    if (number.length - start > half) throw new TypeError('signature: the key is of another curve')
    number.copy(raw, end - (number.length - start), start)
    at += 2 + length
  }
  return raw
}
