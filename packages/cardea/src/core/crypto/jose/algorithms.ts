interface AlgorithmFacts {
  readonly kty: 'oct' | 'RSA' | 'EC' | 'OKP'
  /** Digest of the signature; null: the algorithm hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null
  readonly crv?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
  /** RSASSA-PSS, with a salt as long as the hash (RFC 7518 §3.5). */
  readonly pss?: true
  /** Bytes every signature has, where the algorithm and not the key says it. */
  readonly signatureBytes?: number
  /** RFC 7518 §3.2: an HMAC key is at least as long as the hash. */
  readonly leastKeyBytes?: number
}

/** RFC 7518 §3.1, RFC 8037 §3.1 and RFC 9864 §2.2. `none` is not among them, and no option brings it back. */
export const signingAlgorithms = {
  HS256: { kty: 'oct', hash: 'sha256', signatureBytes: 32, leastKeyBytes: 32 },
  HS384: { kty: 'oct', hash: 'sha384', signatureBytes: 48, leastKeyBytes: 48 },
  HS512: { kty: 'oct', hash: 'sha512', signatureBytes: 64, leastKeyBytes: 64 },
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  PS256: { kty: 'RSA', hash: 'sha256', pss: true },
  PS384: { kty: 'RSA', hash: 'sha384', pss: true },
  PS512: { kty: 'RSA', hash: 'sha512', pss: true },
  ES256: { kty: 'EC', hash: 'sha256', crv: 'P-256', signatureBytes: 64 },
  ES384: { kty: 'EC', hash: 'sha384', crv: 'P-384', signatureBytes: 96 },
  ES512: { kty: 'EC', hash: 'sha512', crv: 'P-521', signatureBytes: 132 },
  EdDSA: { kty: 'OKP', hash: null, crv: 'Ed25519', signatureBytes: 64 },
  Ed25519: { kty: 'OKP', hash: null, crv: 'Ed25519', signatureBytes: 64 },
} as const satisfies Record<string, AlgorithmFacts>

/** Name of a signature algorithm, as `alg` has it. */
export type SigningAlgorithm = keyof typeof signingAlgorithms

const names = Object.keys(signingAlgorithms) as readonly SigningAlgorithm[]

/** Whether it is a name of one of them, spelled exactly so. */
export const isSigningAlgorithm = (name: unknown): name is SigningAlgorithm =>
  typeof name === 'string' && Object.hasOwn(signingAlgorithms, name)

export const algorithmFacts = (name: SigningAlgorithm): AlgorithmFacts => signingAlgorithms[name]

export const isHmac = (name: SigningAlgorithm): boolean => signingAlgorithms[name].kty === 'oct'

/** Every algorithm whose verifying key is public. */
export const publicKeyAlgorithms: readonly SigningAlgorithm[] = names.filter((name) => !isHmac(name))

/** Every algorithm whose key both sides share. */
export const secretKeyAlgorithms: readonly SigningAlgorithm[] = names.filter(isHmac)
