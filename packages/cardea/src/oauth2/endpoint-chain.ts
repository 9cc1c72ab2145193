import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidClient, notFound } from '../core/spec/errors.ts'
import { formOf, isForm, type Params, parseParams } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import type { Handler } from '../http/router.ts'
import { answerMustBeSound } from '../http/sound-answer.ts'
import { authenticateClient } from './client-auth/authenticate.ts'
import type { ClientAuthMethod } from './client-auth/method.ts'
import type { CompiledHooks } from './compile-hooks.ts'
import type { Endpoint, EndpointHandler } from './endpoint.ts'

export interface ChainParts {
  readonly engine: Engine
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  readonly hooks: CompiledHooks
}

/** One of the endpoints that answer to a name, for one HTTP method. */
interface Link {
  readonly handle: EndpointHandler
  readonly clientAuthentication: NonNullable<Endpoint['clientAuthentication']>
  readonly repeatable: readonly string[]
  readonly unauthenticated: NonNullable<Endpoint['unauthenticated']>
}

/** Client authentication reads the form, so whoever asks for it gets one or refuses; others may take what body they like. */
function paramsOf(request: HttpRequest, { repeatable }: Link, needsForm: boolean): Params | Promise<Params> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return hasBody && (needsForm || isForm(request.header('content-type')))
    ? formOf(request, { repeatable })
    : parseParams(request.query, { repeatable })
}

function mayAsk({ clientAuthentication }: Link, client: Client): Client {
  if (clientAuthentication === 'confidential' && client.token_endpoint_auth_method === 'none') {
    throw invalidClient('public_client', 'Invalid client credentials')
  }
  return client
}

const asItIs = (_request: HttpRequest, error: unknown): unknown => error

function chainOf(parts: ChainParts, name: string, links: readonly Link[], finish: Endpoint['finish']): Handler {
  const { clientAuthMethods, engine, hooks } = parts
  return async (request) => {
    let isFirst = true
    for (const link of links) {
      const authenticates = link.clientAuthentication !== false
      const params = await paramsOf(request, link, authenticates)
      const authenticated = authenticates
        ? await authenticateClient(engine, clientAuthMethods, request, params).catch((error) => {
            throw link.unauthenticated(request, error)
          })
        : undefined
      const known = authenticated === undefined ? {} : { client: mayAsk(link, authenticated.client) }
      const step = { endpoint: name, request, ...known }
      if (isFirst && hooks.beforeEndpointResponse !== undefined) await hooks.beforeEndpointResponse({ ...step })
      isFirst = false
      const received = { engine, request, params, ...known }
      const response = await link.handle(received)
      if (response === 'continue') continue
      answerMustBeSound(response, `the endpoint ${name}`)
      const told =
        hooks.afterEndpointResponse === undefined ? response : await hooks.afterEndpointResponse({ ...step, response })
      return finish === undefined ? told : finish(received, told)
    }
    throw notFound('every_endpoint_passed', 'No endpoint of this name answers this request')
  }
}

const linkOf = (endpoint: Endpoint, method: string): Link[] => {
  const { clientAuthentication = false, methods, repeatable = [], unauthenticated = asItIs } = endpoint
  const handle = Object.hasOwn(methods, method) ? methods[method as keyof typeof methods] : undefined
  return handle === undefined ? [] : [{ handle, clientAuthentication, repeatable, unauthenticated }]
}

/** Handlers by HTTP method; each method has a chain of its own, in the order of the endpoints. */
export function endpointChain(
  parts: ChainParts,
  name: string,
  endpoints: readonly Endpoint[],
): Readonly<Record<string, Handler>> {
  const finish = endpoints.find((endpoint) => endpoint.finish !== undefined)?.finish
  const methods = new Set(endpoints.flatMap((endpoint) => Object.keys(endpoint.methods)))
  return Object.fromEntries(
    [...methods].map((method) => {
      const links = endpoints.flatMap((endpoint) => linkOf(endpoint, method))
      return [method, chainOf(parts, name, links, finish)] as const
    }),
  )
}

/** The hooks of an endpoint that is no chain: token, authorization, metadata, pages, OAuth 1. */
export function withEndpointHooks(hooks: CompiledHooks, endpoint: string, handle: Handler): Handler {
  const { afterEndpointResponse: after, beforeEndpointResponse: before } = hooks
  if (after === undefined && before === undefined) return handle
  return async (request) => {
    if (before !== undefined) await before({ endpoint, request })
    const response = await handle(request)
    return after === undefined ? response : after({ endpoint, request, response })
  }
}
