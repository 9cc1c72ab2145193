import type { GrantFacts } from '../model/grant-facts.ts'

/** RFC 9449 §5: how a token is used. One bound to a certificate is a bearer token all the same (RFC 8705 §3). */
export const tokenTypeOf = ({ facts }: { readonly facts?: GrantFacts }): 'Bearer' | 'DPoP' =>
  facts?.confirmation?.jkt === undefined ? 'Bearer' : 'DPoP'
