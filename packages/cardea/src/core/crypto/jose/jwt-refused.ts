/** Why a JWT was refused: for logs, events and tests. Whoever sent it is told no more than that it is not valid. */
export type JwtProblem =
  | 'too_large'
  | 'malformed'
  | 'encrypted'
  | 'duplicate_member'
  | 'payload_not_an_object'
  | 'algorithm_not_allowed'
  | 'header_not_allowed'
  | 'wrong_type'
  | 'unknown_key'
  | 'weak_key'
  | 'key_not_public'
  | 'bad_signature'
  | 'claim_missing'
  | 'claim_malformed'
  | 'wrong_issuer'
  | 'wrong_subject'
  | 'wrong_audience'
  | 'expired'
  | 'not_yet_valid'
  | 'too_old'
  | 'lifetime_too_long'
  | 'replayed'
  | 'undecryptable'

/** A JWT that does not hold. Callers turn it into their protocol's error, such as `invalid_client` or `invalid_token`. */
export class JwtRefused extends Error {
  readonly problem: JwtProblem

  constructor(problem: JwtProblem, detail?: string) {
    super(detail === undefined ? problem : `${problem}: ${detail}`)
    this.name = 'JwtRefused'
    this.problem = problem
  }
}
