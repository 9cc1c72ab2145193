/** Carries a request to the server and its answer back. */
export type Send = (request: Request) => Promise<Response>

/** What a page asks for: where its form goes and what is in it before the person does anything. */
export interface PageForm {
  /** Where it is sent. */
  readonly action: string
  /** Names and values, as a browser would send them back. */
  readonly fields: readonly (readonly [string, string])[]
}

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function fieldsOf(form: string): (readonly [string, string])[] {
  const inputs = form.match(/<input\b[^>]*>/g) ?? []
  return inputs.flatMap((tag) => {
    const name = attribute(tag, 'name')
    const isTicked = attribute(tag, 'type') !== 'checkbox' || /\schecked\b/.test(tag)
    return name !== undefined && isTicked ? [[name, attribute(tag, 'value') ?? ''] as const] : []
  })
}

/** The forms of an HTML page, in order. */
export function formsOf(html: string): PageForm[] {
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => ({
    action: attribute(/<form\b[^>]*>/.exec(form)?.[0] ?? '', 'action') ?? '',
    fields: fieldsOf(form),
  }))
}

/** A browser without script: keeps cookies, sends forms, and follows redirects only when told to. */
export class UserAgent {
  /** By name. */
  readonly cookies: Map<string, string> = new Map()
  readonly #send: Send
  readonly #origin: string

  constructor(send: Send, origin: string) {
    this.#send = send
    this.#origin = origin
  }

  /** Fetches a page, with the cookies there are. Redirects are not followed. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#exchange(new Request(new URL(path, this.#origin), { headers: this.#withCookies(headers) }))
  }

  /** Posts a form, with the cookies there are. Redirects are not followed. */
  async post(
    path: string,
    fields: Iterable<readonly [string, string]> | Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const pairs = Symbol.iterator in fields ? [...fields].map(([name, value]) => [name, value]) : fields
    const body = new URLSearchParams(pairs as Record<string, string>)
    return this.#exchange(
      new Request(new URL(path, this.#origin), { method: 'POST', body, headers: this.#withCookies(headers) }),
    )
  }

  /** Follows redirects within the server; stops at a page or at a redirect that leads elsewhere. */
  async follow(response: Response): Promise<Response> {
    let current = response
    for (let hops = 0; hops < 10; hops += 1) {
      const location = current.headers.get('location')
      if (location === null || new URL(location, this.#origin).origin !== this.#origin) return current
      current = await this.get(location)
    }
    throw new Error('more than 10 redirects')
  }

  /** Fills in the page's first form and sends it. A list for a field replaces all its values. */
  async submit(page: Response, values: Record<string, string | readonly string[]>): Promise<Response> {
    const form = formsOf(await page.clone().text())[0]
    if (form === undefined) throw new Error('the page has no form')
    const kept = form.fields.filter(([name]) => !Object.hasOwn(values, name))
    const given = Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as const))
    return this.post(form.action, [...kept, ...given])
  }

  #withCookies(headers: Record<string, string>): Record<string, string> {
    if (this.cookies.size === 0) return headers
    return { ...headers, cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  async #exchange(request: Request): Promise<Response> {
    const response = await this.#send(request)
    for (const header of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? []
      if (/;\s*max-age=0/i.test(header)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}
