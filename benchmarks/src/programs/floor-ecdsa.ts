// An ES256 signature as JOSE has it, and as OpenSSL does: node:crypto turns one into the other at half the price of signing.

function integer(half: Buffer): Buffer {
  let start = 0
  while (start < 31 && half[start] === 0) start++
  const number = half.subarray(start)
  const isPadded = (number[0] ?? 0) > 0x7f
  return Buffer.concat([Buffer.from(isPadded ? [2, number.length + 1, 0] : [2, number.length]), number])
}

export function derFrom(raw: Buffer): Buffer {
  const numbers = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, numbers.length]), numbers])
}

export function rawFrom(der: Buffer): Buffer {
  const raw = Buffer.alloc(64)
  const rLength = der[3] ?? 0
  const sAt = 4 + rLength + 2
  const sLength = der[sAt - 1] ?? 0
  const [r, s] = [der.subarray(4, 4 + rLength), der.subarray(sAt, sAt + sLength)]
  r.copy(raw, Math.max(0, 32 - rLength), Math.max(0, rLength - 32))
  s.copy(raw, Math.max(32, 64 - sLength), Math.max(0, sLength - 32))
  return raw
}
