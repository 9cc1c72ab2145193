import { hash } from 'node:crypto'
import type { Page } from '../serve/plain-answers.ts'
import { type DemoLine, demoLines, redeemLine } from './lines.ts'
import { exchangeLine, oauth1Note } from './oauth1-lines.ts'

const style = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1rem;margin:1.75rem 0 .35rem}
.notice{border-left:4px solid #b45309;padding:.25rem 0 .25rem 1rem;margin:1.25rem 0}
pre{margin:0;padding:.75rem 1rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.5rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.5 ui-monospace,monospace}
a{overflow-wrap:anywhere}`

const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

const page = (title: string, body: string): Page => ({
  html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${style}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`,
  styleSource,
})

const lineHtml = ({ title, kind, text }: DemoLine): string =>
  kind === 'open'
    ? `<h2>${escaped(title)}</h2><p><a href="${escaped(text)}">${escaped(text)}</a></p>`
    : `<h2>${escaped(title)}</h2><pre><code>${escaped(text)}</code></pre>`

export function landingPage(issuer: string): Page {
  const notice =
    '<p class="notice">This is a demonstration. It listens on this computer only, and everybody knows its passwords.</p>'
  const account = '<p>Sign in as <code>john@doe.com</code> with the password <code>testpassword</code>.</p>'
  const signing = `<p>${escaped(oauth1Note)}</p>`
  return page('Cardea demonstration', notice + account + demoLines(issuer).map(lineHtml).join('') + signing)
}

/** What codes look like. Anything else in the address might be shell commands that somebody hopes to see pasted. */
const codeShape = /^[A-Za-z0-9_-]{1,200}$/

function refusedPage(query: URLSearchParams): Page | undefined {
  const error = query.get('error')
  if (error === null) return undefined
  const description = query.get('error_description') ?? ''
  return page('The request was refused', `<p><code>${escaped(error)}</code> ${escaped(description)}</p>`)
}

/** Where the public client's redirects end: shows what came, and how to go on. */
export function callbackPage(issuer: string, query: URLSearchParams): Page {
  const code = query.get('code') ?? ''
  const refused = refusedPage(query)
  if (refused !== undefined) return refused
  if (!codeShape.test(code)) return page('No code', '<p>There is no authorization code in the address.</p>')
  const line = lineHtml({ title: 'Redeem it', kind: 'run', text: redeemLine(issuer, code) })
  return page('An authorization code came back', `<h2>Code</h2><pre><code>${escaped(code)}</code></pre>${line}`)
}

/** Where the client of OAuth 1 ends: shows the verifier, and how to go on. */
export function oauth1CallbackPage(issuer: string, query: URLSearchParams): Page {
  const verifier = query.get('oauth_verifier') ?? ''
  const refused = refusedPage(query)
  if (refused !== undefined) return refused
  if (!codeShape.test(verifier)) return page('No verifier', '<p>There is no oauth_verifier in the address.</p>')
  const title = 'Exchange it, in the shell where you began'
  const line = lineHtml({ title, kind: 'run', text: exchangeLine(issuer, verifier) })
  return page('A verifier came back', `<h2>Verifier</h2><pre><code>${escaped(verifier)}</code></pre>${line}`)
}
