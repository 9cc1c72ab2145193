import type { IntrospectionOptions } from 'cardea'
import { testCertificate } from '../../../packages/cardea/test-support/test-certificate.ts'
import { freePort } from '../../../packages/server/src/demo/free-port.ts'
import { localhostCertificate } from '../../../packages/server/test-support/localhost-certificate.ts'
import { type Api, apiClient, startApi } from './api.ts'
import { type Shipped, startShipped } from './command.ts'
import { type Documents, startDocuments } from './documents.ts'
import { ada, newPerson, type Person } from './person.ts'

/** Who issues certificates to clients. */
export const authority = testCertificate({ subject: [{ CN: 'Authority of clients' }], ca: true })

export const redirectUri = 'https://client.example/cb'

export const grants = {
  code: 'authorization_code',
  refresh: 'refresh_token',
  machine: 'client_credentials',
  bearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
} as const

/** A client of the code flow whose people are not asked each time. */
export const usual = { redirect_uris: [redirectUri], grant_types: [grants.code, grants.refresh], first_party: true }

/** Where everything is, before the server has started. */
export interface Places {
  readonly issuer: string
  readonly documents: Documents
  readonly api: Api
}

/** What a test meets. */
export interface Scene extends Places {
  readonly server: Shipped
  readonly person: Person
}

/** More of the configuration: what a file needs, beside what is on for all. */
export interface Wanted {
  readonly clients?: readonly object[]
  readonly [key: string]: unknown
}

/** What the API proves itself by, where a secret does not count. */
export interface ApiKey {
  /** Its registration. */
  readonly client: object
  proveTo(issuer: string): NonNullable<IntrospectionOptions['authenticate']>
}

/** Every feature that the server has, in one configuration. */
const everything = ({ api, documents }: Places) => ({
  mutualTls: { authoritiesFile: 'authorities.pem' },
  outgoing: { allowHosts: [new URL(documents.origin).host], caFile: 'cert.pem' },
  jwtBearer: true,
  tokenExchange: true,
  oauth1: true,
  registration: { mode: 'open' },
  deviceGrant: { interval: 1 },
  pushedRequests: true,
  requestObjects: { encryption: true },
  signedResponses: true,
  authorizationDetails: {
    payment: {
      title: 'A payment from your account',
      fields: {
        amount: { label: 'Amount', type: 'decimal', required: true, mayBeLess: true },
        to: { label: 'To', type: 'text', required: true },
      },
    },
  },
  dpop: { nonce: 'required' },
  clientDocuments: { hosts: [new URL(documents.origin).host] },
  discoveryAliases: true,
  acrValues: ['urn:example:strong', 'urn:example:password'],
  resources: [
    { identifier: api.notes, name: 'Notes', scopes: ['read', 'write'] },
    { identifier: api.reports, name: 'Reports', scopes: ['read'], token_format: 'jwt' },
  ],
})

/** With nothing on but what is said, as with a preset. Without TLS it is on loopback, as people try it out. */
export async function startOnly(
  configured: (places: Places) => Wanted | Promise<Wanted>,
  { isTls = true, apiKey }: { readonly isTls?: boolean; readonly apiKey?: ApiKey } = {},
): Promise<Scene> {
  const port = await freePort()
  const issuer = `${isTls ? 'https' : 'http'}://localhost:${port}`
  const places = { issuer, documents: await startDocuments(), api: await startApi(issuer, apiKey?.proveTo(issuer)) }
  const { clients = [], ...more } = await configured(places)
  const machine = { grant_types: [grants.machine] }
  const config = {
    issuer,
    port,
    ...(isTls && { tls: { certFile: 'cert.pem', keyFile: 'key.pem' } }),
    users: [ada],
    scopes: [
      { name: 'read', description: 'Read', is_default: true },
      { name: 'write', description: 'Write' },
    ],
    clients: [{ ...(apiKey?.client ?? apiClient), ...machine }, ...clients],
    ...more,
  }
  const { cert, key } = localhostCertificate
  const files = { 'cert.pem': cert, 'key.pem': key, 'authorities.pem': authority.pem }
  return { ...places, server: await startShipped(config, files), person: newPerson(issuer) }
}

/** The shipped server with every feature on, an API and a host of documents, for the tests of this file. */
export const startEverything = (wanted: (places: Places) => Wanted | Promise<Wanted>): Promise<Scene> =>
  startOnly(async (places) => ({ ...everything(places), ...(await wanted(places)) }))
