import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConsentView, consentPage } from './consent.ts'
import { deniedPage } from './denied.ts'
import { errorPage } from './error.ts'
import { type SignInView, signInPage } from './sign-in.ts'
import { signOutPage } from './sign-out.ts'

const signIn: SignInView = {
  title: 'Accounts',
  client: undefined,
  action: '/in',
  csrf: 'token',
  username: '',
  problem: undefined,
}
const consent: ConsentView = {
  title: 'Accounts',
  action: '/consent',
  csrf: 'token',
  client: { id: 'c1', name: 'Prints' },
  redirectHost: 'www.prints.example',
  user: { displayName: 'John' },
  scopes: [
    { name: 'foo', description: 'Read foo', checked: true },
    { name: 'bar', description: '', checked: false },
  ],
  problem: undefined,
}

/** The tags of that name, with their attributes, that have every given piece of text. */
function tags(document: string, name: string, ...pieces: readonly string[]): readonly string[] {
  const all = document.match(new RegExp(`<${name}\\b[^>]*>`, 'g')) ?? []
  return all.filter((tag) => pieces.every((piece) => tag.includes(piece)))
}

test('sign in: posts csrf, username and password with the names a password manager knows', () => {
  const page = signInPage({ ...signIn, username: 'john@doe.com' })
  assert.equal(tags(page, 'form', 'method="post"', 'action="/in"').length, 1)
  assert.equal(tags(page, 'input', 'name="csrf"', 'type="hidden"', 'value="token"').length, 1)
  const username = ['name="username"', 'autocomplete="username"', 'autocapitalize="none"', 'value="john@doe.com"']
  assert.equal(tags(page, 'input', ...username).length, 1)
  assert.equal(tags(page, 'input', 'name="password"', 'type="password"', 'autocomplete="current-password"').length, 1)
  for (const id of ['username', 'password']) assert.equal(tags(page, 'label', `for="${id}"`).length, 1)
})

test('T-SES-8: sign in: nothing limits what a password may contain', () => {
  assert.doesNotMatch(signInPage(signIn), /(max|min)length|pattern=/)
})

test('sign in: Enter presses sign_in, and cancel is there only with its target', () => {
  assert.deepEqual(
    tags(signInPage(signIn), 'button').map((button) => /value="(\w+)"/.exec(button)?.[1]),
    ['sign_in'],
  )
  const page = signInPage({ ...signIn, cancelAction: '/cancel' })
  const [first = '', second = ''] = tags(page, 'button', 'name="action"', 'type="submit"')
  assert.match(first, /value="sign_in"/)
  assert.match(second, /value="cancel" formaction="\/cancel" formnovalidate/)
})

test('WCAG 2.2 §3.3.1: sign in: wrong credentials are explained at both fields', () => {
  const page = signInPage({ ...signIn, username: 'john', problem: 'wrong_credentials' })
  assert.equal(tags(page, 'input', 'aria-invalid="true"', 'aria-describedby="problem"').length, 2)
  assert.equal(tags(page, 'p', 'role="alert"', 'id="problem"').length, 1)
  assert.match(page, /<title>Error: /)
  assert.equal(tags(page, 'input', 'name="password"', 'autofocus').length, 1)
  assert.equal(tags(page, 'input', 'autofocus').length, 1)
})

test('sign in: an empty form takes the focus at the username, a prefilled one at the password', () => {
  assert.match(tags(signInPage(signIn), 'input', 'autofocus').join(), /^<input id="username"[^,]*$/)
  assert.match(
    tags(signInPage({ ...signIn, username: 'john' }), 'input', 'autofocus').join(),
    /^<input id="password"[^,]*$/,
  )
})

test('T-SES-6: sign in: the answer to wrong credentials differs by what was typed only', () => {
  const [known, unknown] = ['john', 'nobody'].map((username) =>
    signInPage({ ...signIn, username, problem: 'wrong_credentials' }).replace(`value="${username}"`, ''),
  )
  assert.equal(known, unknown)
})

test('sign in: too many attempts says when to come back, rounded up to whole minutes', () => {
  const waits: readonly (readonly [object, string])[] = [
    [{}, 'try again later.'],
    [{ retryAfterMinutes: 0 }, 'try again in 1 minute.'],
    [{ retryAfterMinutes: 1 }, 'try again in 1 minute.'],
    [{ retryAfterMinutes: 1.2 }, 'try again in 2 minutes.'],
    [{ retryAfterMinutes: 15 }, 'try again in 15 minutes.'],
  ]
  for (const [wait, text] of waits) {
    const page = signInPage({ ...signIn, problem: 'too_many_attempts', ...wait })
    assert.ok(page.includes(text), text)
    assert.deepEqual([...tags(page, 'input', 'aria-invalid'), ...tags(page, 'input', 'autofocus')], [])
  }
})

test('sign in: no problem shows no alert', () => {
  assert.deepEqual([...tags(signInPage(signIn), 'p', 'alert'), ...tags(signInPage(signIn), 'input', 'aria-')], [])
})

test('consent: shows client, client id, redirect host, user and each scope with its description', () => {
  const page = consentPage(consent)
  for (const text of ['Prints', 'c1', 'www.prints.example', 'John', 'Read foo'])
    assert.ok(page.includes(`>${text}<`), text)
  assert.match(page, /You will be sent to <strong><bdi>www\.prints\.example</)
  assert.equal(tags(page, 'fieldset').length, 1)
  assert.equal(tags(page, 'legend').length, 1)
  assert.equal(tags(page, 'input', 'type="checkbox"', 'name="scope"', 'value="foo" checked').length, 1)
  assert.match(page, /<label class="scope"><input type="checkbox" name="scope" value="bar"><span>bar</)
})

test('consent: Allow and Decline are the values allow and deny of decision', () => {
  const page = consentPage(consent)
  assert.equal(tags(page, 'form', 'method="post"', 'action="/consent"').length, 1)
  assert.match(
    page,
    /name="decision" value="allow">Allow<\/button>\s*<button [^>]*name="decision" value="deny">Decline</,
  )
})

test('T-SES-3: consent: neither a URL fragment nor autofocus puts the focus on a control', () => {
  const page = consentPage({ ...consent, problem: 'nothing_chosen', switchAccountAction: '/switch' })
  const controls = [...tags(page, 'button'), ...tags(page, 'input'), ...tags(page, 'label')]
  assert.ok(controls.length >= 6)
  for (const control of controls) assert.doesNotMatch(control, / (id|autofocus|accesskey|tabindex)\b/)
})

test('consent: without scopes there is no choice to make', () => {
  const page = consentPage({ ...consent, scopes: [] })
  assert.deepEqual([...tags(page, 'fieldset'), ...tags(page, 'input', 'checkbox')], [])
  assert.match(page, /It asks only to confirm who you are/)
})

test('consent: nothing chosen is explained at every checkbox', () => {
  const page = consentPage({ ...consent, problem: 'nothing_chosen' })
  assert.equal(tags(page, 'input', 'aria-invalid="true"', 'aria-describedby="problem"').length, 2)
  assert.equal(tags(page, 'p', 'role="alert"', 'id="problem"').length, 1)
})

test('consent: another account has a form of its own with csrf, when there is a target', () => {
  assert.equal(tags(consentPage(consent), 'form').length, 1)
  const page = consentPage({ ...consent, switchAccountAction: '/switch' })
  assert.match(page, /<form method="post" action="\/switch">\s*<input type="hidden" name="csrf" value="token">/)
  assert.equal(tags(page, 'input', 'name="csrf"').length, 2)
})

test('denied: says that nothing was shared, with or without a client', () => {
  const named = deniedPage({ title: 'Accounts', client: { name: 'Prints' } })
  assert.match(named, /Nothing was shared with <strong><bdi>Prints</)
  assert.match(deniedPage({ title: 'Accounts', client: undefined }), /Nothing was shared with the application/)
})

test('error: shows heading, message, hint, code and status', () => {
  const page = errorPage({
    title: 'A',
    heading: 'No',
    message: 'Why',
    code: 'access_denied',
    hint: 'Retry',
    status: 403,
  })
  for (const text of ['No', 'Why', 'access_denied', 'Retry', '403']) assert.ok(page.includes(`>${text}<`), text)
})

test('sign out: asks, confirms, or says that nobody is signed in', () => {
  const view = { title: 'Accounts', action: '/out', csrf: 'token', user: { displayName: 'John' }, done: false }
  const question = signOutPage(view)
  assert.equal(tags(question, 'form', 'method="post"', 'action="/out"').length, 1)
  assert.equal(tags(question, 'input', 'name="csrf"', 'value="token"').length, 1)
  assert.equal(tags(question, 'button', 'name="action"', 'value="sign_out"').length, 1)
  assert.match(signOutPage({ ...view, done: true }), /You are signed out/)
  assert.match(signOutPage({ ...view, user: undefined }), /You are not signed in/)
  for (const done of [true, false]) assert.doesNotMatch(signOutPage({ ...view, user: undefined, done }), /<form/)
})
