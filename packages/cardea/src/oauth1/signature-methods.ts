import { equalDigests, equalInConstantTime } from '../core/crypto/digest.ts'
import { type HmacHash, hmacBase64 } from '../core/crypto/hmac.ts'
import { type RsaHash, type RsaPublicKey, rsaSign, rsaVerify } from '../core/crypto/rsa-signature.ts'
import { percentEncode } from './encoding.ts'

/** Everything a client can be verified by. A method takes what its kind needs and nothing else. */
export interface VerificationKeys {
  /** Absent or empty: the client has none, and no method of shared secrets accepts it. */
  readonly clientSecret?: string | undefined
  /** Absent or empty where no token is involved yet. */
  readonly tokenSecret?: string | undefined
  /** Of the client; undefined where it has none. */
  readonly rsaPublicKey?: RsaPublicKey | undefined
}

/** What a client signs with. */
export interface SigningKeys {
  /** Shared secret of the client. */
  readonly clientSecret?: string | undefined
  /** Shared secret of the token; empty where there is no token yet. */
  readonly tokenSecret?: string | undefined
  /** PEM. */
  readonly rsaPrivateKey?: string | undefined
}

/** RFC 5849 §3.4: one signature method. A host's own is one more object in the list. */
export interface SignatureMethod {
  /** As in `oauth_signature_method`; case matters. */
  readonly name: string
  /** What verifies it: secrets that both sides know, or the client's public key. */
  readonly keyKind: 'shared_secret' | 'rsa'
  /** The signature protects nothing by itself (RFC 5849 §3.4.4): TLS is needed, timestamp and nonce may be left out (§3.1). */
  readonly plain?: boolean
  /** Must compare in constant time, and answer false instead of throwing, whatever the signature is. */
  verify(baseString: string, keys: VerificationKeys, signature: string): boolean
  /** For clients and tests. Throws TypeError when the key is missing. */
  sign?(baseString: string, keys: SigningKeys): string
}

interface SharedSecrets {
  readonly clientSecret?: string | undefined
  readonly tokenSecret?: string | undefined
}

/** RFC 5849 §3.4.2: both secrets, encoded, the `&` always between. Undefined without a client secret: `&` alone is a key anybody has. */
function sharedKey({ clientSecret, tokenSecret }: SharedSecrets): string | undefined {
  if (clientSecret === undefined || clientSecret === '') return undefined
  return `${percentEncode(clientSecret)}&${percentEncode(tokenSecret ?? '')}`
}

function sharedKeyToSign(keys: SharedSecrets): string {
  const key = sharedKey(keys)
  if (key === undefined) throw new TypeError('clientSecret: needed by this signature method')
  return key
}

const ascii = /^[\x21-\x7e]*$/

function hmacMethod(name: string, hash: HmacHash) {
  return {
    name,
    keyKind: 'shared_secret',
    verify(baseString, keys, signature) {
      const key = sharedKey(keys)
      if (key === undefined) return false
      const expected = hmacBase64(hash, key, baseString)
      // Only ASCII is compared byte by byte; of other characters a byte is cut off, and U+0141 would pass for an A.
      return ascii.test(signature) && equalDigests(expected, signature)
    },
    sign: (baseString, keys) => hmacBase64(hash, sharedKeyToSign(keys), baseString),
  } as const satisfies SignatureMethod
}

function rsaMethod(name: string, hash: RsaHash) {
  return {
    name,
    keyKind: 'rsa',
    verify: (baseString, { rsaPublicKey }, signature) =>
      rsaPublicKey !== undefined && rsaVerify(hash, rsaPublicKey, baseString, signature),
    sign(baseString, { rsaPrivateKey }) {
      if (rsaPrivateKey === undefined) throw new TypeError('rsaPrivateKey: needed by this signature method')
      return rsaSign(hash, rsaPrivateKey, baseString)
    },
  } as const satisfies SignatureMethod
}

/** RFC 5849 §3.4.2. */
export const hmacSha1 = hmacMethod('HMAC-SHA1', 'sha1')
/** HMAC-SHA256, as RFC 5849 §3.4.2 with another hash. */
export const hmacSha256 = hmacMethod('HMAC-SHA256', 'sha256')
/** HMAC-SHA512, as RFC 5849 §3.4.2 with another hash. */
export const hmacSha512 = hmacMethod('HMAC-SHA512', 'sha512')
/** RFC 5849 §3.4.3. */
export const rsaSha1 = rsaMethod('RSA-SHA1', 'sha1')
/** RSA-SHA256, as RFC 5849 §3.4.3 with another hash. */
export const rsaSha256 = rsaMethod('RSA-SHA256', 'sha256')
/** RSA-SHA512, as RFC 5849 §3.4.3 with another hash. */
export const rsaSha512 = rsaMethod('RSA-SHA512', 'sha512')

/** RFC 5849 §3.4.4. The secrets themselves travel with the request. */
export const plaintext = {
  name: 'PLAINTEXT',
  keyKind: 'shared_secret',
  plain: true,
  verify(_baseString, keys, signature) {
    const key = sharedKey(keys)
    return key !== undefined && equalInConstantTime(key, signature)
  },
  sign: (_baseString, keys) => sharedKeyToSign(keys),
} as const satisfies SignatureMethod

export const builtInSignatureMethods: readonly SignatureMethod[] = [
  hmacSha1,
  hmacSha256,
  hmacSha512,
  rsaSha1,
  rsaSha256,
  rsaSha512,
  plaintext,
]

/** Finds a method by the name a request gives. Throws TypeError when two methods of the list share a name. */
export function signatureMethodFinder(
  methods: readonly SignatureMethod[],
): (name: string) => SignatureMethod | undefined {
  const byName = new Map<string, SignatureMethod>()
  for (const method of methods) {
    if (byName.has(method.name)) throw new TypeError(`signature methods: ${method.name} is listed twice`)
    byName.set(method.name, method)
  }
  return (name) => byName.get(name)
}
