import { generateKeyPairSync, hash, randomBytes } from 'node:crypto'
import type { Connection } from '../load/connection.ts'
import { basicAuthorization, type HttpRequest } from '../load/http-request.ts'
import type { HttpResponse } from '../load/http-response.ts'
import { seconds, signEs256, thumbprintOf } from '../load/signed-jwt.ts'
import type { Target } from '../load/target.ts'
import { mustRefuse, readTokenAnswer, wrongAnswer } from './token-answer.ts'

/** A client with a key of its own, to which its tokens are bound (RFC 9449). */
export class DpopClient {
  readonly #connection: Connection
  readonly #target: Target
  readonly #privateKey
  readonly #jwk

  constructor(connection: Connection, target: Target) {
    this.#connection = connection
    this.#target = target
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = privateKey
    this.#jwk = publicKey.export({ format: 'jwk' })
  }

  /** RFC 9449 §4.2. */
  proof(htm: HttpRequest['method'], path: string, accessToken?: string): string {
    const htu = `http://127.0.0.1:${this.#target.port}${path}`
    const claims = { jti: randomBytes(16).toString('base64url'), htm, htu, iat: seconds() }
    const bound = accessToken === undefined ? {} : { ath: hash('sha256', accessToken, 'base64url') }
    return signEs256({ typ: 'dpop+jwt', jwk: this.#jwk }, { ...claims, ...bound }, this.#privateKey)
  }

  /** Client credentials with a proof, whatever the answer is. */
  ask(proof: string): Promise<HttpResponse> {
    const { client, paths, scope } = this.#target
    return this.#connection.send({
      method: 'POST',
      path: paths.token,
      headers: { Authorization: basicAuthorization(client.id, client.secret), DPoP: proof },
      form: { grant_type: 'client_credentials', scope },
    })
  }

  /** A first token. Throws where a proof is not looked at, or good twice, or the token is bound to nothing. */
  async firstToken(): Promise<string> {
    const { client, paths } = this.#target
    mustRefuse('a proof for another address', await this.ask(this.proof('POST', '/elsewhere')))
    const [head = '', payload = ''] = this.proof('POST', paths.token).split('.')
    const foreign = this.proof('POST', paths.token).split('.')[2]
    mustRefuse('a proof with a wrong signature', await this.ask(`${head}.${payload}.${foreign}`))
    const once = this.proof('POST', paths.token)
    const token = readBoundToken(await this.ask(once))
    mustRefuse('a used proof', await this.ask(once))
    const told = await this.#connection.send({
      method: 'POST',
      path: paths.introspect,
      headers: { Authorization: basicAuthorization(client.id, client.secret) },
      form: { token },
    })
    if (told.status !== 200 || JSON.parse(told.body).cnf?.jkt !== thumbprintOf(this.#jwk))
      throw wrongAnswer('introspection of a bound token', told)
    return token
  }
}

/** The access token of an answer that says that it is bound (RFC 9449 §5). */
export function readBoundToken(response: HttpResponse): string {
  const { accessToken } = readTokenAnswer(response)
  if (JSON.parse(response.body).token_type !== 'DPoP') throw wrongAnswer('token endpoint', response)
  return accessToken
}
