import { formsOf, UserAgent } from 'cardea/testing'
import { tlsFetch } from '../tls-fetch.ts'

/** Who signs in to the shipped server. */
export const ada = { username: 'ada', password: 'correct horse battery' } as const

/** Somebody in a browser without script, who stays signed in. */
export interface Person {
  /** Goes there, signs in and decides where that is asked. Returns what leads back to the client. */
  answer(url: string | URL, decision?: 'allow' | 'deny'): Promise<Response>
  /** The same, and where it is that the browser is sent. */
  sentTo(url: string | URL, decision?: 'allow' | 'deny'): Promise<URL>
  readonly browser: UserAgent
}

/** A person whose browser has never been there. */
export function newPerson(issuer: string): Person {
  const { origin, protocol } = new URL(issuer)
  const plain = (request: Request) => fetch(request, { redirect: 'manual' })
  const browser = new UserAgent(protocol === 'https:' ? tlsFetch() : plain, origin)
  async function answer(url: string | URL, decision: 'allow' | 'deny' = 'allow'): Promise<Response> {
    let response = await browser.get(String(url))
    for (let step = 0; step < 8; step += 1) {
      response = await browser.follow(response)
      if (response.headers.has('location')) return response
      const page = await response.clone().text()
      const form = formsOf(page).at(-1)
      const names = new Set(form?.fields.map(([name]) => name))
      if (form === undefined) throw new Error(`it ends on a page: ${page.replace(/<[^>]*>/g, ' ')}`)
      if (new URL(form.action, issuer).origin !== new URL(issuer).origin) return response
      if (names.has('password')) response = await browser.submit(response, { ...ada, action: 'sign_in' })
      else response = await browser.post(form.action, [...form.fields, ['decision', decision]])
    }
    throw new Error('it never ends')
  }
  return {
    browser,
    answer,
    async sentTo(url, decision) {
      const location = (await answer(url, decision)).headers.get('location')
      if (location === null) throw new Error('the answer is a page')
      return new URL(location)
    },
  }
}
