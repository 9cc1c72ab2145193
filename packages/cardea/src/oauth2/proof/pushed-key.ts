import type { Confirmation } from '../../core/model/grant-facts.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { type ParamPairs, type Params, pairsOf } from '../../http/params.ts'

/**
 * RFC 9449 §10.1: whoever pushes a request with a proof binds the code to that key, as if the request said `dpop_jkt`.
 * @throws ProtocolError where it says another one
 */
export function withPushedKey(params: Params, confirmation: Confirmation | undefined): ParamPairs {
  const jkt = confirmation?.jkt
  const said = params.get('dpop_jkt')
  if (jkt === undefined || said === jkt) return pairsOf(params)
  if (said === undefined) return [...pairsOf(params), ['dpop_jkt', jkt]]
  throw new ProtocolError('invalid_dpop_proof', 'dpop_jkt_of_another_key', {
    description: "The DPoP proof is not by the key of 'dpop_jkt'",
  })
}
