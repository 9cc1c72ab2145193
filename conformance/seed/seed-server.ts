import { request as httpRequest } from 'node:http'
import type { TestContext } from 'node:test'
import type { TestClient } from 'cardea/testing'
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  startAuthorizationServer,
} from '../servers/authorization-server.ts'
import { john } from '../servers/resource-owner.ts'

/** The registration of django-oauth2-server's fixtures. */
export const testclient: TestClient = {
  client_id: 'testclient',
  secret: 'testpassword',
  redirect_uris: ['https://www.example.com'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'],
  response_types: ['code', 'token'],
  pkce: ['none'],
}

const scopes = ['foo', 'bar', 'qux'].map((name) => ({ name, description: `Access to ${name}`, is_default: true }))

export interface TokenAnswer {
  readonly id: number
  readonly access_token: string
  readonly expires_in: number
  readonly token_type: string
  readonly scope: string
  readonly refresh_token: string
}

export interface Refusal {
  readonly error: string
  readonly error_description: string
}

export interface Reply<Body = TokenAnswer & Refusal> {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Body
}

/** A server with the compatibility profile and the fixtures of django-oauth2-server. */
export interface SeedServer extends AuthorizationServer {
  /** Posts to `/api/v1/tokens/`, with the fixture client's Basic credentials unless `credentials` say otherwise. */
  tokens(form: Record<string, string>, credentials?: string | undefined): Promise<Reply>
  /** Does what the curl command line says, on this server's port whatever port it names. */
  curl(command: string): Promise<Reply>
  /** How many tokens there are: access and refresh. */
  counts(): Promise<readonly [access: number, refresh: number]>
}

export const ownCredentials = 'testclient:testpassword'

interface Sent {
  readonly port: string
  readonly path: string
  readonly body: string
  readonly credentials: string | undefined
}

/** Posts a body as it stands, with credentials as they stand: as curl does, nothing is encoded. */
function post({ port, path, body, credentials }: Sent): Promise<Reply> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    accept: '*/*',
    ...(credentials !== undefined && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  }
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: 'localhost', port, path, method: 'POST', headers }, async (answer) => {
      let text = ''
      for await (const chunk of answer) text += String(chunk)
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: JSON.parse(text) })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const curlCommand = /^curl (?:-u (?<credentials>\S+) )?localhost:\d+(?<path>\/\S*) -d '(?<body>[^']*)'$/

export async function startSeedServer(t: TestContext, options: AuthorizationServerOptions = {}): Promise<SeedServer> {
  const server = await startAuthorizationServer(t, {
    profile: 'django-oauth2-server',
    clients: [testclient],
    users: [john],
    scopes,
    resourceScope: 'foo bar qux',
    ...options,
  })
  const { port } = new URL(server.issuer)
  const { tokens } = server.server.store
  return {
    ...server,
    tokens(form, ...given) {
      const credentials = given.length === 0 ? ownCredentials : given[0]
      return post({ port, path: '/api/v1/tokens/', body: new URLSearchParams(form).toString(), credentials })
    },
    curl(command) {
      const parts = curlCommand.exec(command)?.groups
      if (parts?.path === undefined || parts.body === undefined) throw new TypeError(`cannot read: ${command}`)
      return post({ port, path: parts.path, body: parts.body, credentials: parts.credentials })
    },
    async counts() {
      const all = { limit: 1000 }
      return [(await tokens.listAccess({}, all)).length, (await tokens.listRefresh({}, all)).length]
    },
  }
}
