import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { digestOf, mintToken, now, readForm } from './http-floor.ts'
import { refuse } from './oauth1-floor.ts'
import type { OAuth1FloorStore } from './oauth1-floor-store.ts'

/** Who is signed in where the request comes from. */
export type SubjectOf = (request: IncomingMessage) => string | undefined

/** RFC 5849 §2.2: asks the resource owner, in one page, and takes the answer if that page was shown to this person. */
export class OAuth1FloorOwner {
  readonly #store: OAuth1FloorStore
  readonly #subjectOf: SubjectOf
  readonly #formKey = mintToken()

  constructor(store: OAuth1FloorStore, subjectOf: SubjectOf) {
    this.#store = store
    this.#subjectOf = subjectOf
  }

  ask(request: IncomingMessage, response: ServerResponse, query: string) {
    const token = new URLSearchParams(query).get('oauth_token') ?? ''
    const subject = this.#subjectOf(request)
    const temporary = this.#store.findTemporary(digestOf(token), now())
    if (subject === undefined || temporary === undefined || temporary.subject !== null) return refuse(response)
    const page = `<!doctype html><title>Allow?</title><form method="post" action="/oauth1/authorize">
<p>${subject}: ${temporary.client} asks for ${temporary.scope}</p>
<input type="hidden" name="oauth_token" value="${token}">
<input type="hidden" name="proof" value="${this.#proofOf(token, subject)}">
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(page) })
    response.end(page)
  }

  decide(request: IncomingMessage, response: ServerResponse): void {
    readForm(request, (form) => {
      const token = form.get('oauth_token') ?? ''
      const subject = this.#subjectOf(request) ?? ''
      const isAllowed = subject !== '' && form.get('decision') === 'allow'
      if (!isAllowed || !isSame(this.#proofOf(token, subject), form.get('proof') ?? '')) return refuse(response)
      const temporary = this.#store.findTemporary(digestOf(token), now())
      const verifier = mintToken()
      const isOpen = temporary && this.#store.approve(temporary.digest, subject, digestOf(verifier), now())
      if (!isOpen) return refuse(response)
      const location = `${temporary.callback}?oauth_token=${token}&oauth_verifier=${verifier}`
      this.#store.commits.afterCommit(() => {
        response.writeHead(303, { location, 'content-length': 0, 'cache-control': 'no-store' })
        response.end()
      })
    })
  }

  #proofOf(token: string, subject: string): string {
    return createHmac('sha256', this.#formKey).update(`${token} ${subject}`).digest('base64url')
  }
}

const isSame = (expected: string, presented: string): boolean =>
  expected.length === presented.length && timingSafeEqual(Buffer.from(expected), Buffer.from(presented))
