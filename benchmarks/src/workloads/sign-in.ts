import type { Connection } from '../load/connection.ts'
import { CookieJar } from '../load/cookie-jar.ts'
import { formsOf, type HtmlForm } from '../load/html-form.ts'
import type { HttpRequest } from '../load/http-request.ts'
import { type HttpResponse, headerOf, headersOf } from '../load/http-response.ts'
import type { Target } from '../load/target.ts'
import { wrongAnswer } from './token-answer.ts'

const MOST_HOPS = 12

/** One user agent: sends its cookies and takes in new ones. */
export class Browser {
  readonly #connection: Connection
  readonly #cookies = new CookieJar()
  readonly #origin: string

  constructor(connection: Connection, target: Target) {
    this.#connection = connection
    this.#origin = `http://127.0.0.1:${target.port}`
    if ('cookie' in target.signIn) this.#cookies.set('sid', target.signIn.cookie)
  }

  async get(path: string): Promise<HttpResponse> {
    return this.#send({ method: 'GET', path })
  }

  async post(path: string, form: Readonly<Record<string, string>>): Promise<HttpResponse> {
    return this.#send({ method: 'POST', path, form, headers: { Origin: this.#origin } })
  }

  /** The path and query of a link, read from the page at `from`. */
  resolve(link: string, from: string): string {
    const url = new URL(link, new URL(from, this.#origin))
    if (url.origin !== this.#origin) throw new Error(`leads to another server: ${url.href}`)
    return url.pathname + url.search
  }

  async #send(request: HttpRequest): Promise<HttpResponse> {
    const cookie = this.#cookies.header(request.path.split('?', 1)[0] ?? '/')
    const headers = cookie === undefined ? request.headers : { ...request.headers, Cookie: cookie }
    const response = await this.#connection.send(headers ? { ...request, headers } : request)
    const setCookies = headersOf(response, 'set-cookie')
    if (setCookies.length > 0) this.#cookies.store(setCookies)
    return response
  }
}

/** Walks from the authorization endpoint through the pages (sign in, consent) to the redirect back to the client. */
export async function authorizeThroughPages(browser: Browser, path: string, target: Target): Promise<HttpResponse> {
  let place = path
  let response = await browser.get(place)
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const location = headerOf(response, 'location')
    if (location?.startsWith(target.redirectUri)) return response
    if (location !== undefined) {
      place = browser.resolve(location, place)
      response = await browser.get(place)
    } else {
      const form = response.status === 200 ? formsOf(response.body).find(isInteraction) : undefined
      if (!form) throw wrongAnswer(`page ${place}`, response)
      place = browser.resolve(form.action, place)
      response = await browser.post(place, fill(form, target))
    }
  }
  throw wrongAnswer('too many pages, the last', response)
}

function isInteraction(form: HtmlForm): boolean {
  return form.method === 'post' && form.controls.some(({ name }) => /^(password|decision|prompt)$/.test(name))
}

function fill(form: HtmlForm, target: Target): Record<string, string> {
  const { username, password } = 'username' in target.signIn ? target.signIn : { username: '', password: '' }
  const fields: Record<string, string> = {}
  for (const { name, type, value, checked } of form.controls) {
    if (type === 'password') fields[name] = password
    else if (name === 'username' || name === 'login') fields[name] = username
    else if (name === 'decision') fields[name] = 'allow'
    else if (type === 'hidden' || checked) fields[name] = value
  }
  return fields
}
