import type { IncomingMessage, RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { nodeHandler, nodeProtector } from 'cardea/node'
import { type FakeClock, formsOf, startTestServer, type TestServer, UserAgent } from 'cardea/testing'
import { builtInSignatureMethods } from '../../packages/cardea/src/oauth1/signature-methods.ts'
import { oauth1Client, oauth1ServerSecrets } from '../../packages/cardea/src/testing/oauth1-flow.ts'
import { rsaPair } from '../../packages/cardea/src/testing/rsa-pair.ts'
import { listen } from '../servers/listen.ts'
import { john } from '../servers/resource-owner.ts'

/** What a client of another author is configured with. */
export interface OAuth1Registered {
  readonly consumerKey: string
  readonly consumerSecret: string
  /** PEM. */
  readonly privateKey: string
  readonly callback: string
}

/** An OAuth 1 server behind node:http, as anybody's client meets it. */
export interface OAuth1Server {
  readonly server: TestServer
  readonly origin: string
  readonly initiate: string
  readonly authorize: string
  readonly token: string
  /** Answers signed requests with what it let in: client, user, method, and the parameters it was sent. */
  readonly resource: string
  readonly registered: OAuth1Registered
  /** A person signs in at that address and allows all; the verifier that the client is sent or has to be typed in. */
  verifierFrom(authorizeUrl: string): Promise<string>
}

const pair = rsaPair()

/** Characters that clients encode in their own ways. */
export const awkward = {
  consumerKey: 'key & co=1/é+ü',
  consumerSecret: 'sécret+&%=/ "quoted" ~',
  parameters: [
    ['plain', 'value'],
    ['spaces', 'a b  c'],
    ['plus', '1+1=2'],
    ['symbols', "!*'();:@&=+$,/?#[]%~-_."],
    ['unicode', 'žluťoučký 漢字 🔑'],
    ['empty', ''],
  ],
} as const

/** Clients live in real time. */
const realTime: FakeClock = { now: () => Math.floor(Date.now() / 1000), advance: () => {} }

function resourceListener({ provider }: TestServer): RequestListener {
  const { requireOAuth } = nodeProtector(provider)
  return requireOAuth('read', (message, response, { clientId, userId }) => {
    const { rawBody = '' } = message as IncomingMessage & { rawBody?: string }
    const query = new URL(message.url ?? '', 'http://localhost').searchParams
    const own = [...query, ...new URLSearchParams(rawBody)].filter(([name]) => !name.startsWith('oauth_'))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ clientId, userId, method: message.method, parameters: own }))
  })
}

async function verifierFrom(origin: string, authorizeUrl: string): Promise<string> {
  const browser = new UserAgent((request) => fetch(request, { redirect: 'manual' }), origin)
  const signIn = await browser.follow(await browser.get(authorizeUrl))
  const { username, password } = john
  const consent = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
  const form = formsOf(await consent.text()).at(-1)
  if (form === undefined) throw new Error(`no consent page but ${consent.status}`)
  const answer = await browser.post(form.action, [...form.fields, ['decision', 'allow']])
  const location = answer.headers.get('location')
  const shown = /<output[^>]*>([^<]+)</.exec(await answer.text())?.[1]
  const verifier = location === null ? shown : new URL(location).searchParams.get('oauth_verifier')
  if (!verifier) throw new Error(`no verifier but ${answer.status} ${location}`)
  return verifier
}

/** Starts the server on a free port with every signature method on; it ends with the test. */
export async function startOAuth1(t: TestContext, given: Partial<OAuth1Registered> = {}): Promise<OAuth1Server> {
  const registered = {
    consumerKey: awkward.consumerKey,
    consumerSecret: awkward.consumerSecret,
    privateKey: pair.privateKey,
    callback: 'https://client.example/callback?kept=1',
    ...given,
  }
  let started: TestServer | undefined
  const listening = await listen(async (port) => {
    started = await startTestServer({
      issuer: `http://127.0.0.1:${port}`,
      secrets: oauth1ServerSecrets,
      clock: realTime,
      users: [john],
      oauth1: { signatureMethods: builtInSignatureMethods.map(({ name }) => name) },
      clients: [
        oauth1Client(registered.consumerKey, {
          secret: registered.consumerSecret,
          public_key: pair.publicKey,
          callbacks: [registered.callback, 'oob'],
        }),
      ],
    })
    return nodeHandler(started.provider, { fallback: resourceListener(started) })
  })
  t.after(() => listening.close())
  if (started === undefined) throw new Error('the server was not started')
  const { origin } = started
  return {
    server: started,
    origin,
    initiate: `${origin}/oauth1/initiate`,
    authorize: `${origin}/oauth1/authorize`,
    token: `${origin}/oauth1/token`,
    resource: `${origin}/resource`,
    registered,
    verifierFrom: (url) => verifierFrom(origin, url),
  }
}
