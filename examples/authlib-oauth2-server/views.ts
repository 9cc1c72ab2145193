import { createHash } from 'node:crypto'
import { type ConsentGrant, html, raw, type SafeHtml } from 'cardea'
import type { OAuth2Client, User } from './models.ts'
import type { ScopeName } from './scopes.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#d4d7dd, #454a54); --quiet: light-dark(#5b6270, #a9b0bd);
  --strong: light-dark(#1f5fbf, #7fb0ff); --on-strong: light-dark(#fff, #0d1420) }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#f4f5f7, #15181d); color: light-dark(#1b1f27, #e8ebf0) }
main { width: min(26rem, 100%); padding: 2rem; border: 1px solid var(--line); border-radius: .75rem;
  background: light-dark(#fff, #1e222a) }
h1 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.3 }
ul { margin: 1rem 0; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { padding: .6rem 0; border-bottom: 1px solid var(--line) }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { width: 100%; padding: .6rem; font: inherit; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: .4rem }
button { padding: .65rem 1.25rem; font: inherit; font-weight: 600; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: .4rem; cursor: pointer }
button.main { color: var(--on-strong); background: var(--strong); border-color: var(--strong) }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem }
.quiet { color: var(--quiet); font-size: .9rem } .problem { color: light-dark(#a3231a, #ff9c93) }
`

/** Only this stylesheet, no script, no frame around it. A redirect that follows the form may lead to the application. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'`,
}

const page = (title: string, content: SafeHtml): string =>
  String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`)

export const loginView = (returnTo: string, username = '', problem?: string): string =>
  page(
    'Sign in',
    html`<h1>Sign in</h1>
${problem && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/login">
<input type="hidden" name="return_to" value="${returnTo}">
<label for="username">Username</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<div class="buttons"><button class="main">Sign in</button></div>
</form>`,
  )

// authorize.html
export const authorizeView = (grant: ConsentGrant<ScopeName, User, OAuth2Client>): string =>
  page(
    `Allow ${grant.clientName}?`,
    html`<h1>${grant.clientName} asks for access to your account</h1>
<p>You are signed in as <strong>${grant.user?.name}</strong>. It could then:</p>
<ul>${grant.scopes.map(({ description }) => html`<li>${description}</li>`)}</ul>
<form method="post" action="/oauth/authorize">
${grant.fields.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="buttons">
<button class="main" name="confirm" value="yes">Allow</button>
<button name="confirm" value="no">Deny</button>
</div>
</form>
<p class="quiet">You will be sent to ${grant.redirectHost}.</p>`,
  )

export const homeView = (user: User | undefined): string =>
  page(
    'Example',
    user === undefined
      ? html`<h1>Nobody is signed in</h1><p><a href="/login">Sign in</a></p>`
      : html`<h1>Hello, ${user.name}</h1>
<form method="post" action="/logout"><button>Sign out</button></form>`,
  )
