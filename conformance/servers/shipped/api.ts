import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { type IntrospectionOptions, outgoing, protectedResource, resourceProtector } from 'cardea'
import { mount, protector } from 'cardea/express'
import express from 'express'
import { localhostCertificate } from '../../../packages/server/test-support/localhost-certificate.ts'

/** The client that the API is, where it asks about tokens. */
export const apiClient = { client_id: 'api', client_secret: 'what only the API knows', introspect_any: true } as const

/** What the API wants of a sign-in, at the routes that want more. */
export const wanted = { maxAge: 300, acr: 'urn:example:strong' } as const

/** An API on Express in another process than the authorization server, with TLS of its own. */
export interface Api {
  readonly origin: string
  /** Takes tokens for whatever resource, of people who signed in not long ago. */
  readonly recent: string
  /** Takes tokens for whatever resource, of people who signed in well. */
  readonly strong: string
  /** Asks about each token. */
  readonly notes: string
  /** Checks JWTs by itself. */
  readonly reports: string
}

/**
 * Starts it for the tests of this file. It knows the address of the authorization server, and fetches the rest.
 * @param authenticate how it proves itself, where not by its secret
 */
export async function startApi(issuer: string, authenticate?: IntrospectionOptions['authenticate']): Promise<Api> {
  const app = express()
  const tls = { ...localhostCertificate, requestCert: true, rejectUnauthorized: false }
  const server = createServer(tls, app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`
  const described = (name: string) => {
    const about = { resource: `${origin}/${name}`, authorizationServers: [issuer], scopes: ['read', 'write'] }
    return protectedResource({ ...about, name, dpop: true, certificateBoundTokens: true })
  }
  const [notes, reports] = [described('notes'), described('reports')]
  const door = outgoing({ allowHosts: [new URL(issuer).host], ca: localhostCertificate.cert })
  const { client_id: clientId, client_secret: clientSecret } = apiClient
  const proof = authenticate === undefined ? { clientId, clientSecret } : { authenticate }
  const asks = { issuer, ...proof, cacheSeconds: 0, outgoing: door }
  const forNotes = { ...asks, audience: `${origin}/notes` }
  const dpop = { origin, nonceSecrets: ['the secret of the nonces of this API'] }
  const ofNotes = protector(resourceProtector({ introspection: forNotes, dpop, attributes: notes.challenge }))
  const ofAll = protector(resourceProtector({ introspection: asks }))
  const jwt = { issuer, audience: `${origin}/reports`, outgoing: door }
  const ofReports = protector(resourceProtector({ jwt, dpop, attributes: reports.challenge }))
  app.use(mount(notes))
  app.use(mount(reports))
  app.get(
    '/notes',
    ofNotes.requireOAuth('read', ({ oauth }, response) => response.json(oauth)),
  )
  app.get(
    '/recent',
    ofAll.requireOAuth({ scope: 'read', maxAge: wanted.maxAge }, ({ oauth }, response) => response.json(oauth)),
  )
  app.get(
    '/strong',
    ofAll.requireOAuth({ scope: 'read', acr: [wanted.acr] }, ({ oauth }, response) => response.json(oauth)),
  )
  app.get(
    '/reports',
    ofReports.requireOAuth('read', ({ oauth }, response) => response.json(oauth)),
  )
  const at = (name: string) => `${origin}/${name}`
  return { origin, notes: at('notes'), reports: at('reports'), recent: at('recent'), strong: at('strong') }
}
