import { addressesOf } from './endpoint-addresses.ts'
import type { MakeExtension } from './extension.ts'
import { knownIssuers } from './oauth2/assertions/trusted-issuer.ts'
import { clientKeys } from './oauth2/client-auth/client-keys.ts'
import { mostActors } from './oauth2/exchange/exchange-options.ts'
import { assertionAsAuthentication, jwtBearer } from './oauth2/token/grants/jwt-bearer.ts'

/** RFC 7523 §2.1. */
export const jwtBearerFeature: MakeExtension = ({ engine, keysAt, options, outgoing, paths }) => {
  const { jwtBearer: given = false, trustedIssuers = [] } = options
  const { issuer } = engine.settings
  const issuers = knownIssuers(trustedIssuers, { keysAt, outgoing }, issuer)
  if (given === false) return undefined
  const tokenUrls = addressesOf(options, paths.token)
  const parts = {
    issuers,
    clientKeys: clientKeys(keysAt),
    tokenUrls,
    options: given === true ? {} : given,
    maxActors: mostActors(options.tokenExchange),
  }
  return {
    grants: [jwtBearer(parts)],
    ...(parts.options.ownAssertions !== false && { tokenAuthMethods: [assertionAsAuthentication(parts)] }),
  }
}
