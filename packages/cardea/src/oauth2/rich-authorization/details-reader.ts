import type { FactReader } from '../authorize/fact-reader.ts'
import { detailsFrom } from './read-details.ts'

const parameter = 'authorization_details'

/** RFC 9396 §3: reads `authorization_details` of authorization requests, pushed and signed ones too. */
export const detailsReader: FactReader = {
  async read({ client, engine, params }) {
    const text = params.get(parameter)
    return text === undefined ? undefined : { authorizationDetails: await detailsFrom(engine, client, text) }
  },
  /** Whoever says exactly what is needed, and names no scope, is not given the usual one besides. */
  scope: ({ params, scope }) => (params.get(parameter) !== undefined && params.get('scope') === undefined ? [] : scope),
}
