import { equalInConstantTime, s256 } from '../crypto/digest.ts'
import { type Client, isConfidential } from '../model/client.ts'
import type { AuthorizationCode, CodeChallengeMethod } from '../model/code.ts'
import { invalidGrant, invalidRequest } from '../spec/errors.ts'

const unreserved = /^[A-Za-z0-9\-._~]{43,128}$/

/** What the verifier has to fit (RFC 7636 §4.2). */
export interface CodeChallenge {
  /** As the client sent it. */
  readonly codeChallenge: string
  /** How the verifier becomes the challenge. */
  readonly codeChallengeMethod: CodeChallengeMethod
}

function methodFor(client: Client, requested: string | undefined): CodeChallengeMethod {
  const method = requested ?? 'plain' // RFC 7636 §4.3: absent means plain
  if (method === 'S256') return 'S256'
  if (method !== 'plain')
    throw invalidRequest('unsupported_challenge_method', "Unsupported 'code_challenge_method': use S256")
  if (client.pkce?.includes('plain')) return 'plain'
  throw invalidRequest('plain_challenge', "Send 'code_challenge_method=S256': plain is not allowed for this client")
}

/**
 * RFC 7636 §4.4.1 and RFC 9700 §2.1.1, at the authorization endpoint: a challenge is required, S256 unless the client
 * is allowed plain; a confidential client may be allowed none.
 */
export function challengeMustBeSound(
  client: Client,
  challenge: string | undefined,
  method: string | undefined,
): CodeChallenge | undefined {
  if (challenge === undefined) {
    if (method !== undefined) throw invalidRequest('missing_code_challenge', "Missing 'code_challenge'")
    if (isConfidential(client) && client.pkce?.includes('none')) return undefined
    throw invalidRequest('missing_code_challenge', "Missing 'code_challenge': this client must use PKCE with S256")
  }
  const codeChallengeMethod = methodFor(client, method)
  const wellFormed = codeChallengeMethod === 'S256' ? /^[A-Za-z0-9_-]{43}$/ : unreserved
  if (!wellFormed.test(challenge)) throw invalidRequest('malformed_code_challenge', "Invalid 'code_challenge'")
  return { codeChallenge: challenge, codeChallengeMethod }
}

/** RFC 7636 §4.6, and RFC 9700 §4.8.2 against downgrade in either direction. */
export function verifierMustMatchChallenge(code: AuthorizationCode, verifier: string | undefined): void {
  if (code.codeChallenge === undefined) {
    if (verifier === undefined) return
    throw invalidRequest(
      'verifier_without_challenge',
      'A code_verifier was sent though the code was requested without a challenge',
    )
  }
  if (verifier === undefined) throw invalidRequest('missing_code_verifier', "Missing 'code_verifier'")
  if (!unreserved.test(verifier)) throw invalidRequest('malformed_code_verifier', "Invalid 'code_verifier'")
  const computed = code.codeChallengeMethod === 'S256' ? s256(verifier) : verifier
  if (!equalInConstantTime(computed, code.codeChallenge))
    throw invalidGrant('challenge_failed', 'Code challenge failed')
}
