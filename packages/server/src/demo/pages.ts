import { html, type SafeHtml } from 'cardea'
import { demonstration } from '../serve/demonstration-credentials.ts'
import type { Page } from '../serve/plain-answers.ts'
import { oauth2Lines, redeemLine } from './lines.ts'
import { exchangeLine, oauth1Lines, oauth1Note } from './oauth1-lines.ts'
import { demoPage, lineBlock, titledLine } from './page-frame.ts'
import { publicClientId } from './seed.ts'

const { username, password, clientId, clientSecret, oauth1ClientId, oauth1Secret } = demonstration

const facts = html`<dl class="facts">
<dt>Sign in as</dt><dd><code>${username}</code>, password <code>${password}</code></dd>
<dt>Client</dt><dd><code>${clientId}</code>, secret <code>${clientSecret}</code></dd>
<dt>Public client</dt><dd><code>${publicClientId}</code></dd>
<dt>OAuth 1 consumer</dt><dd><code>${oauth1ClientId}</code>, secret <code>${oauth1Secret}</code></dd>
<dt>Scopes</dt><dd><code>foo</code>, <code>bar</code>, <code>qux</code></dd>
</dl>`

export function landingPage(issuer: string): Page {
  const content = html`<p class="lede">Every line works as it is, pasted into a shell or opened in this browser.</p>
<p class="alert">This is a demonstration. It listens on this computer only, and everybody knows its passwords.</p>
${facts}
<nav aria-label="On this page"><ul class="links">
<li><a href="#oauth2">OAuth 2</a></li>
<li><a href="#oauth1">OAuth 1</a></li>
<li><a href="/sign-out">Sign out</a></li>
</ul></nav>
<section aria-labelledby="oauth2"><h2 id="oauth2">OAuth 2</h2>${oauth2Lines(issuer).map(titledLine)}</section>
<section aria-labelledby="oauth1"><h2 id="oauth1">OAuth 1</h2>
<p>${oauth1Note} The lines follow each other in one shell.</p>
${oauth1Lines(issuer).map(titledLine)}</section>`
  return demoPage('Try every grant', content, { copies: true })
}

/** What codes look like. Anything else in the address might be shell commands that somebody hopes to see pasted. */
const codeShape = /^[A-Za-z0-9_-]{1,200}$/

const back = html`<ul class="links"><li><a href="/">Back to the demonstration</a></li></ul>`

function refusedPage(query: URLSearchParams): Page | undefined {
  const error = query.get('error')
  if (error === null) return undefined
  const content = html`<p>${query.get('error_description') ?? 'The server sent back an error instead.'}</p>
<dl class="facts"><dt>Error</dt><dd><code>${error}</code></dd></dl>
${back}`
  return demoPage('The request was refused', content)
}

const missingPage = (name: string, message: string): Page => demoPage(name, html`<p>${message}</p>${back}`)

interface CameBack {
  readonly name: string
  /** What came. */
  readonly label: string
  readonly value: string
  /** How to go on. */
  readonly next: string
  readonly line: string
}

function cameBackPage({ name, label, value, next, line }: CameBack): Page {
  const block = (title: string, text: string): SafeHtml =>
    html`<h2 class="step">${title}</h2>${lineBlock({ title, kind: 'run', text })}`
  const lede = html`<p class="lede">A real client would take it from here. In this demonstration you are the client.</p>`
  return demoPage(name, html`${lede}${block(label, value)}${block(next, line)}${back}`, { copies: true })
}

/** Where the public client's redirects end: shows what came, and how to go on. */
export function callbackPage(issuer: string, query: URLSearchParams): Page {
  const refused = refusedPage(query)
  if (refused !== undefined) return refused
  const value = query.get('code') ?? ''
  if (!codeShape.test(value)) return missingPage('No code', 'There is no authorization code in the address.')
  const name = 'An authorization code came back'
  return cameBackPage({ name, label: 'Code', value, next: 'Redeem it', line: redeemLine(issuer, value) })
}

/** Where the client of OAuth 1 ends: shows the verifier, and how to go on. */
export function oauth1CallbackPage(issuer: string, query: URLSearchParams): Page {
  const refused = refusedPage(query)
  if (refused !== undefined) return refused
  const value = query.get('oauth_verifier') ?? ''
  if (!codeShape.test(value)) return missingPage('No verifier', 'There is no oauth_verifier in the address.')
  const next = 'Exchange it, in the shell where you began'
  return cameBackPage({
    name: 'A verifier came back',
    label: 'Verifier',
    value,
    next,
    line: exchangeLine(issuer, value),
  })
}
