import { basic, type TestServer } from 'cardea/testing'
import type { SignedRequest } from '../../packages/cardea/src/oauth1/sign.ts'
import { builtInSignatureMethods, rsaSha256 } from '../../packages/cardea/src/oauth1/signature-methods.ts'
import {
  type Approved,
  approvedFor,
  type Credentials,
  callback,
  type OAuth1Request,
  oauth1Client,
  signedFor,
  startOAuth1Server,
  temporaryFor,
  tokenFor,
} from '../../packages/cardea/src/testing/oauth1-flow.ts'
import { rsaPair } from '../../packages/cardea/src/testing/rsa-pair.ts'
import type { FuzzSubject } from './fuzz.ts'
import type { Random } from './random.ts'
import type { RawRequest } from './raw-request.ts'

const pair = rsaPair()
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const form = ['content-type', 'application/x-www-form-urlencoded'] as const

/** A server with clients of every kind, so that a damaged request is as often as possible nearly right. */
const startTarget = (): Promise<TestServer> =>
  startOAuth1Server({
    issuer: 'http://127.0.0.1',
    oauth1: { signatureMethods: builtInSignatureMethods.map(({ name }) => name), verificationsPerMinute: 1e9 },
    limits: { client: { attempts: 1e9, window: 60 } },
    clients: [
      oauth1Client('keyed', { public_key: pair.publicKey, callbacks: [callback, 'oob'] }),
      oauth1Client('mover', { secret: 'mover-secret' }, { grant_types: [grantType] }),
      { client_id: 'api', secret: 'api-secret', introspect_any: true },
    ],
  })

/** What a sound request needs: it is used up now and then, and has to be made again. */
interface Supplies {
  readonly temporary: Credentials
  readonly approved: Approved
  readonly token: Credentials
  readonly moving: Credentials
  readonly interaction: string
}

async function supplies(server: TestServer): Promise<Supplies> {
  const temporary = await temporaryFor(server)
  const begun = await server.agent().get(`/oauth1/authorize?oauth_token=${temporary.token}`)
  return {
    temporary,
    approved: await approvedFor(server),
    token: await tokenFor(server),
    moving: await tokenFor(server, { consumerKey: 'mover', keys: { clientSecret: 'mover-secret' } }),
    interaction: begun.headers.get('location') ?? '/interaction/none',
  }
}

const rawOf = ({ method, url, headers, body = '' }: SignedRequest): RawRequest => ({
  method,
  target: url.slice(url.indexOf('/', url.indexOf('//') + 2)),
  headers: Object.entries(headers),
  body,
})

const hmacs = builtInSignatureMethods.filter(({ keyKind }) => keyKind === 'shared_secret')

/** Signed with any method in any place. */
function signing(random: Random): OAuth1Request {
  const place = random.of(['header', 'header', 'body', 'query'] as const)
  if (random.chance(0.1))
    return { place, consumerKey: 'keyed', keys: { rsaPrivateKey: pair.privateKey }, signatureMethod: rsaSha256 }
  return { place, signatureMethod: random.of(hmacs) }
}

const targets: FuzzSubject<Supplies>['targets'] = {
  initiate: (server, _, random) =>
    rawOf(signedFor(server, '/oauth1/initiate', { ...signing(random), parameters: { oauth_callback: callback } })),
  token: (server, { approved }, random) =>
    rawOf(
      signedFor(server, '/oauth1/token', {
        place: random.of(['header', 'body', 'query'] as const),
        credentials: approved.temporary,
        parameters: { oauth_verifier: approved.verifier },
      }),
    ),
  authorize: (_server, { temporary }, random) => {
    const query = `oauth_token=${temporary.token}`
    if (random.chance(0.5)) return { method: 'GET', target: `/oauth1/authorize?${query}`, headers: [], body: '' }
    return { method: 'POST', target: '/oauth1/authorize', headers: [form], body: query }
  },
  interaction: (_server, { interaction }, random) => ({
    method: random.of(['GET', 'POST']),
    target: interaction,
    headers: [form, ['cookie', 'cardea_browser=x; cardea_session=y']],
    body: 'csrf=x&decision=allow&scope=read&action=sign_in&username=alice&password=x',
  }),
  verify(server, { token }, random) {
    const place = random.of(['header', 'query'] as const)
    const { headers, method, url } = signedFor(server, '/photos?a=b', { method: 'GET', credentials: token, place })
    const asked = { method, url, ...(headers.authorization !== undefined && { authorization: headers.authorization }) }
    return {
      method: 'POST',
      target: '/oauth1/verify',
      headers: [form, ['authorization', basic('api', 'api-secret')]],
      body: new URLSearchParams(asked).toString(),
    }
  },
  exchange: (server, { moving }) =>
    rawOf(
      signedFor(server, '/token', {
        consumerKey: 'mover',
        keys: { clientSecret: 'mover-secret' },
        credentials: moving,
        body: new URLSearchParams({
          grant_type: grantType,
          subject_token: moving.token,
          subject_token_type: 'urn:cardea:params:oauth:token-type:oauth1',
        }).toString(),
      }),
    ),
  resource: (server, { token }, random) =>
    rawOf(
      signedFor(server, '/resource?a=b%20c&a=d', {
        credentials: token,
        body: 'title=Sea+%26+sand',
        place: random.of(['header', 'body', 'query'] as const),
      }),
    ),
}

export const oauth1Subject: FuzzSubject<Supplies> = { start: startTarget, supplies, targets }
