import { CompactEncrypt, importJWK } from 'jose'

interface Jwk {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
}

/** The text, encrypted to that public key in the way it is published for. */
export async function encryptedTo(jwk: Jwk, text: string, header: Record<string, string> = {}): Promise<string> {
  const { alg = 'RSA-OAEP-256', kid } = jwk
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({
      alg,
      enc: 'A256GCM',
      cty: 'oauth-authz-req+jwt',
      ...(kid !== undefined && { kid }),
      ...header,
    })
    .encrypt(await importJWK(jwk, alg))
}
