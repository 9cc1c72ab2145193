import { invalidRequest } from '../../core/spec/errors.ts'
import type { FactReader } from '../authorize/fact-reader.ts'

/** SHA-256, base64url. */
const thumbprint = /^[A-Za-z0-9_-]{43}$/

/** Tokens of an authorization response cannot be bound: nobody proves anything there. */
export const isImplicit = (responseType: string | undefined): boolean =>
  responseType?.split(' ').includes('token') ?? false

/** RFC 9449 §10: `dpop_jkt` binds the code to a key. @param required of every client */
export const dpopJktReader = (required: boolean): FactReader => ({
  read({ client, params }) {
    if (isImplicit(params.get('response_type'))) {
      if (!required && !client.dpop_bound_access_tokens) return undefined
      throw invalidRequest('implicit_unbound', "Tokens for this client must be bound: use response_type 'code'")
    }
    const jkt = params.get('dpop_jkt')
    if (jkt === undefined) return undefined
    if (!thumbprint.test(jkt)) throw invalidRequest('malformed_dpop_jkt', "Invalid 'dpop_jkt'")
    return { confirmation: { jkt } }
  },
})
