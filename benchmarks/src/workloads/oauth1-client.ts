import { randomBytes } from 'node:crypto'
import type { Connection } from '../load/connection.ts'
import { formatRequest, type HttpRequest } from '../load/http-request.ts'
import { type HttpResponse, headerOf } from '../load/http-response.ts'
import { oauth1Authorization } from '../load/oauth1-signature.ts'
import type { Target } from '../load/target.ts'
import { type CredentialPair, readCredentials, readVerifier } from './credentials-answer.ts'
import { authorizeThroughPages, type Browser } from './sign-in.ts'

interface Signing {
  readonly pair?: CredentialPair
  readonly parameters?: Readonly<Record<string, string>>
  readonly nonce?: string
}

/** A client of OAuth 1 and its keep-alive connection. */
export class OAuth1Client {
  readonly #connection: Connection
  readonly #target: Target

  constructor(connection: Connection, target: Target) {
    this.#connection = connection
    this.#target = target
  }

  /** The Authorization header of a request, with a new nonce unless one is given. */
  sign(method: HttpRequest['method'], path: string, { pair, parameters, nonce }: Signing = {}): string {
    const { client, port } = this.#target
    const request = {
      method,
      url: `http://127.0.0.1:${port}${path}`,
      timestamp: Math.floor(Date.now() / 1000),
      nonce: nonce ?? randomBytes(12).toString('base64url'),
      ...(parameters !== undefined && { parameters }),
    }
    const token = pair && { token: pair.token, tokenSecret: pair.secret }
    return oauth1Authorization(request, { consumerKey: client.id, consumerSecret: client.secret, ...token })
  }

  get(path: string, authorization: string): Promise<HttpResponse> {
    const headers = { Authorization: authorization }
    return this.#connection.sendText(formatRequest(this.#target.port, { method: 'GET', path, headers }))
  }

  /** RFC 5849 §2.1: temporary credentials. */
  async initiate(): Promise<CredentialPair> {
    const { oauth1, redirectUri } = this.#target
    const parameters = { oauth_callback: redirectUri }
    return readCredentials(await this.#post(oauth1.initiate, { parameters }), 'temporary')
  }

  /** RFC 5849 §2.2: the resource owner is sent to the server, allows, and comes back with a verifier. */
  async askOwner(browser: Browser, { token }: CredentialPair): Promise<string> {
    const path = `${this.#target.oauth1.authorize}?oauth_token=${token}`
    const redirect = await authorizeThroughPages(browser, path, this.#target)
    return readVerifier(headerOf(redirect, 'location') ?? '', this.#target.redirectUri, token)
  }

  /** RFC 5849 §2.3: exchanges temporary credentials, whatever the answer is. */
  tryExchange(temporary: CredentialPair, verifier: string): Promise<HttpResponse> {
    return this.#post(this.#target.oauth1.token, { pair: temporary, parameters: { oauth_verifier: verifier } })
  }

  /** All three legs, to token credentials. */
  async threeLegs(browser: Browser): Promise<CredentialPair> {
    const temporary = await this.initiate()
    const verifier = await this.askOwner(browser, temporary)
    return readCredentials(await this.tryExchange(temporary, verifier), 'token')
  }

  #post(path: string, signing: Signing): Promise<HttpResponse> {
    return this.#connection.send({
      method: 'POST',
      path,
      headers: { Authorization: this.sign('POST', path, signing), 'Content-Length': '0' },
    })
  }
}
