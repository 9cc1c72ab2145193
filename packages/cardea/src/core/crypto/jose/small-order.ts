/**
 * The points of Ed25519 whose order divides eight, by their y coordinate, in canonical spelling and in the two beyond
 * the modulus (RFC 8032 §5.1.3): 0 and 1, the four of order eight, -1, p and p + 1.
 */
const smallOrder: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
])

/** Whether nobody needs a private key for it: with such a key, one signature of zeros holds for many or all texts. */
export function hasSmallOrder(x: string): boolean {
  const bytes = Buffer.from(x, 'base64url')
  // The last bit is the sign of the other coordinate.
  const last = bytes.at(-1) ?? 0
  return smallOrder.has(Buffer.concat([bytes.subarray(0, -1), Buffer.of(last & 0x7f)]).toString('hex'))
}
