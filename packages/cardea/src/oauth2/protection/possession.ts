import type { Confirmation } from '../../core/model/grant-facts.ts'
import { invalidToken } from '../../core/spec/errors.ts'
import { certificateOf } from '../../http/client-certificate.ts'
import type { HttpRequest } from '../../http/request.ts'
import { confirmationFrom } from '../proof/confirmation.ts'
import { readDpopProof } from '../proof/dpop-proof.ts'
import type { DpopProtection } from './dpop-protection.ts'
import type { TokenFacts } from './token-info.ts'

/** RFC 7800 §3.1: what a token is bound to. One that is bound in a way we cannot check is of use to nobody here. */
function confirmationOf({ claims }: TokenFacts): Confirmation | undefined {
  const cnf = claims?.cnf
  if (cnf === undefined) return undefined
  const confirmation = confirmationFrom(cnf)
  if (confirmation !== undefined) return confirmation
  throw invalidToken('unknown_confirmation', 'The access token is bound in a way this resource cannot check')
}

const mismatch = (reason: string, description: string) => invalidToken(reason, description)

/** RFC 9449 §7.1. */
async function provedByDpop(
  { jkt }: Confirmation,
  token: string,
  request: HttpRequest,
  { rules, urlsOf }: DpopProtection,
): Promise<void> {
  if (jkt === undefined) throw mismatch('unbound_token_as_dpop', 'The access token is a Bearer token')
  const { method } = request
  const proof = await readDpopProof(rules, request.header('dpop'), {
    method,
    urls: urlsOf(request),
    accessToken: token,
  })
  if (proof.jkt !== jkt) throw mismatch('proof_of_another_key', 'The access token is bound to another key')
  // Last: only whoever has a token and its key can make us remember something.
  const { refusal, use } = proof.pending
  if ((await rules.replay.claim(use.key, use.until, rules.clock.now())) === 'seen') throw await refusal()
}

/**
 * Whoever presents a token that is bound to a key must prove to hold it, in every way it is bound (RFC 9449 §7, RFC 8705 §3).
 * Nothing is waited for where it is bound to nothing.
 * @throws ProtocolError `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce`
 */
export function mustBePossessed(
  facts: TokenFacts,
  { scheme, token }: { readonly scheme: string; readonly token: string },
  request: HttpRequest,
  dpop: DpopProtection | undefined,
): undefined | Promise<void> {
  const bound = confirmationOf(facts)
  const isDpop = dpop !== undefined && scheme === 'DPoP'
  if (bound === undefined && !isDpop && !dpop?.required) return undefined
  const { 'x5t#S256': certificate, jkt } = bound ?? {}
  if (certificate !== undefined && certificateOf(request)?.thumbprint !== certificate)
    throw mismatch('certificate_mismatch', 'The access token is bound to another certificate')
  if (isDpop) return provedByDpop(bound ?? {}, token, request, dpop)
  // RFC 9449 §7.2: a thief who drops the proof must get nowhere.
  if (jkt !== undefined) throw mismatch('bound_token_as_bearer', 'The access token needs a DPoP proof')
  if (certificate === undefined) throw mismatch('unbound_token', 'This resource takes bound tokens only')
  return undefined
}
