import { addressesOf } from './endpoint-addresses.ts'
import type { MakeExtension } from './extension.ts'
import { resolvedFeature } from './oauth1-feature-options.ts'
import { knownIssuers } from './oauth2/assertions/trusted-issuer.ts'
import { mostActors } from './oauth2/exchange/exchange-options.ts'
import { oauth1Exchange } from './oauth2/token/grants/oauth1-exchange.ts'
import { tokenExchange } from './oauth2/token/grants/token-exchange.ts'

/** RFC 8693: one grant, whatever is exchanged. Credentials of OAuth 1 alone, where only that is on. */
export const tokenExchangeFeature: MakeExtension = ({ engine, keysAt, options, outgoing, paths }) => {
  const { tokenExchange: given = false, trustedIssuers = [] } = options
  const oauth1 = resolvedFeature(options.oauth1)?.exchange
  if (given === false) return oauth1 === undefined ? undefined : { grants: [oauth1Exchange(oauth1)] }
  const { issuer } = engine.settings
  const chosen = given === true ? {} : given
  const tokenUrls = addressesOf(options, paths.token)
  const issuers = knownIssuers(trustedIssuers, { keysAt, outgoing }, issuer)
  return {
    grants: [tokenExchange({ issuers, tokenUrls, oauth1, policy: chosen.policy, maxActors: mostActors(chosen) })],
  }
}
