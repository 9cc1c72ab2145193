import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { digestOf, mintToken, now, readForm } from './http-floor.ts'
import { refuse } from './oauth1-floor.ts'
import type { OAuth1FloorQuestions, QuestionRow } from './oauth1-floor-questions.ts'
import type { OAuth1FloorStore } from './oauth1-floor-store.ts'

const QUESTION_LIFE = 600
const MOST_QUESTIONS = 1_000_000

/** Who is signed in where a request comes from, and the cookie that says so. */
export interface SignedIn {
  readonly subject: string
  readonly cookie: string
}

interface Parts {
  readonly store: OAuth1FloorStore
  readonly questions: OAuth1FloorQuestions
  readonly signedIn: (request: IncomingMessage) => SignedIn | undefined
}

/** RFC 5849 §2.2: asks the resource owner, in one page, and takes one answer of the browser it was shown to. */
export class OAuth1FloorOwner {
  readonly #parts: Parts
  readonly #formKey = mintToken()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  ask(request: IncomingMessage, response: ServerResponse, query: string) {
    const { store, questions, signedIn } = this.#parts
    const token = new URLSearchParams(query).get('oauth_token') ?? ''
    const owner = signedIn(request)
    const temporary = store.findTemporary(digestOf(token), now())
    if (owner === undefined || temporary === undefined || temporary.subject !== null) return refuse(response)
    const tries = questions.count(`questions from ${request.socket.remoteAddress}`, QUESTION_LIFE, now())
    if (tries > MOST_QUESTIONS) return refuse(response)
    const { client, scope } = temporary
    const id = mintToken()
    const question = { id, browser: digestOf(owner.cookie), token, client, scope, expiresAt: now() + QUESTION_LIFE }
    questions.ask(question)
    questions.commits.afterCommit(() => this.#show(response, question, owner))
  }

  decide(request: IncomingMessage, response: ServerResponse): void {
    readForm(request, (form) => {
      const { store, questions, signedIn } = this.#parts
      const owner = signedIn(request)
      if (owner === undefined || form.get('decision') !== 'allow') return refuse(response)
      const question = questions.find(form.get('question') ?? '', digestOf(owner.cookie), now())
      const isProven = question && isSame(this.#proofOf(question, owner), form.get('proof') ?? '')
      const temporary = question && store.findTemporary(digestOf(question.token), now())
      if (!isProven || temporary === undefined || !questions.answer(question, owner.subject)) return refuse(response)
      const verifier = mintToken()
      if (!store.approve(temporary.digest, owner.subject, digestOf(verifier), now())) return refuse(response)
      const location = `${temporary.callback}?oauth_token=${question.token}&oauth_verifier=${verifier}`
      store.commits.afterCommit(() => {
        response.writeHead(303, { location, 'content-length': 0, 'cache-control': 'no-store' })
        response.end()
      })
    })
  }

  #show(response: ServerResponse, question: QuestionRow, owner: SignedIn): void {
    const page = `<!doctype html><title>Allow?</title><form method="post" action="/oauth1/authorize">
<p>${owner.subject}: ${question.client} asks for ${question.scope}</p>
<input type="hidden" name="question" value="${question.id}">
<input type="hidden" name="proof" value="${this.#proofOf(question, owner)}">
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`
    response.writeHead(200, {
      'content-type': 'text/html',
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(page),
    })
    response.end(page)
  }

  #proofOf({ id }: QuestionRow, { cookie }: SignedIn): string {
    return createHmac('sha256', this.#formKey).update(`${id} ${cookie}`).digest('base64url')
  }
}

const isSame = (expected: string, presented: string): boolean =>
  expected.length === presented.length && timingSafeEqual(Buffer.from(expected), Buffer.from(presented))
