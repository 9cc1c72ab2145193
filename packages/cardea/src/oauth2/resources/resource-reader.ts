import { rulesAt } from '../../core/tokens/token-rules.ts'
import type { FactReader, FactRequest } from '../authorize/fact-reader.ts'
import { scopeFitting, targetOf } from './target.ts'

/** Sent without a value means omitted (RFC 6749 §3.1). */
const askedIn = ({ params }: FactRequest): readonly string[] => params.all('resource').filter(Boolean)

const resourcesOf = (request: FactRequest) =>
  targetOf(request.engine, { client: request.client, asked: askedIn(request) })

/** RFC 8707 §2.1: `resource` of an authorization request. */
export const resourceReader: FactReader = {
  repeatable: ['resource'],
  async read(request) {
    const resources = await resourcesOf(request)
    if (resources === undefined) return undefined
    const isToken = request.params.get('response_type')?.split(' ').includes('token') ?? false
    // The token of an implicit answer cannot be asked for one by one: it must suit them all.
    if (isToken) rulesAt(request.engine.settings, resources)
    return { resources: resources.map(({ identifier }) => identifier) }
  },
  async scope(request) {
    const resources = await resourcesOf(request)
    return resources === undefined ? request.scope : scopeFitting(resources, request.scope)
  },
}
