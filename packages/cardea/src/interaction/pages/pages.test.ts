import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConsentView } from './consent.ts'
import { formPostScript } from './form-post.ts'
import { defaultPages, type Pages } from './pages.ts'
import type { SignInView } from './sign-in.ts'

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
}

/** Reads the strict subset of HTML the pages keep to; a `<` or `&` that is not part of it fails. */
function read(document: string): { readonly tags: readonly Tag[]; readonly text: string } {
  const tags: Tag[] = []
  const body = document.replace(/<style>[^<]*<\/style>/, '<style></style>').replace('<!DOCTYPE html>', '')
  const text = body.replace(
    /<(\/?[a-z][a-z0-9]*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)\/?>/g,
    (_, name: string, rest: string) => {
      const pairs = [...rest.matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)]
      tags.push({ name, attributes: new Map(pairs.map((pair) => [pair[1] ?? '', decode(pair[2] ?? '')])) })
      return ''
    },
  )
  assert.doesNotMatch(text, /[<>"]|&(?!(?:amp|lt|gt|quot|#39);)/)
  return { tags, text: decode(text).replace(/\s+/g, ' ') }
}

const shape = (document: string) => read(document).tags.map((tag) => [tag.name, ...tag.attributes.keys()].join(' '))

const signIn: SignInView = {
  title: 'Accounts',
  client: { name: 'Prints' },
  action: '/in',
  csrf: 'token',
  username: 'john@doe.com',
  problem: undefined,
  cancelAction: '/cancel',
}
const consent: ConsentView = {
  title: 'Accounts',
  action: '/consent',
  csrf: 'token',
  client: {
    id: 'c1',
    name: 'Prints',
    uri: 'https://a.example',
    policyUri: 'https://b.example',
    tosUri: 'http://c.example',
  },
  redirectHost: 'www.prints.example',
  user: { displayName: 'John' },
  scopes: [
    { name: 'foo', description: 'Read foo', checked: true },
    { name: 'bar', description: 'Write bar', checked: false },
  ],
  problem: undefined,
  switchAccountAction: '/switch',
}
const signOut = { title: 'Accounts', action: '/out', csrf: 'token', user: { displayName: 'John' }, done: false }
const error = { title: 'Accounts', heading: 'No', message: 'Why', code: 'invalid_request', hint: 'Retry', status: 400 }
const formPost = {
  title: 'Accounts',
  action: 'https://prints.example/cb',
  fields: [
    ['code', 'abc'],
    ['state', 'xyz'],
  ],
  scriptSrc: '/form-post.js',
} as const

const device = { userCode: 'BDWP-HQPK', minutesAgo: 2, requestedFrom: '203.0.113.7', otherNetwork: true }
const deviceCode = {
  title: 'Accounts',
  action: '/device',
  csrf: 'token',
  kind: 'letters',
  userCode: 'BDWP-HQPK',
  user: { displayName: 'John' },
  problem: undefined,
}
const deviceDone = { title: 'Accounts', client: { name: 'Television' }, outcome: 'allowed' }

const samples: readonly (readonly [string, keyof Pages, object])[] = [
  ['sign in', 'signIn', signIn],
  ['sign in without client', 'signIn', { ...signIn, client: undefined }],
  ['sign in after wrong credentials', 'signIn', { ...signIn, problem: 'wrong_credentials' }],
  ['sign in after too many attempts', 'signIn', { ...signIn, problem: 'too_many_attempts', retryAfterMinutes: 5 }],
  ['sign in after expiry', 'signIn', { ...signIn, problem: 'form_expired' }],
  ['consent', 'consent', consent],
  ['consent without scopes', 'consent', { ...consent, scopes: [] }],
  ['consent with nothing chosen', 'consent', { ...consent, problem: 'nothing_chosen' }],
  ['denied', 'denied', { title: 'Accounts', client: { name: 'Prints' } }],
  ['answered', 'answered', { title: 'Accounts' }],
  ['error', 'error', error],
  ['sign out', 'signOut', signOut],
  ['signed out', 'signOut', { ...signOut, done: true }],
  ['not signed in', 'signOut', { ...signOut, user: undefined }],
  ['form post', 'formPost', formPost],
  ['consent to a client nobody knows', 'consent', { ...consent, client: { ...consent.client, unapproved: true } }],
  ['consent for a device', 'consent', { ...consent, device, redirectHost: undefined, switchAccountAction: undefined }],
  ['device code', 'deviceCode', deviceCode],
  ['device code, nobody signed in', 'deviceCode', { ...deviceCode, user: undefined }],
  ['device code of digits', 'deviceCode', { ...deviceCode, kind: 'digits' }],
  ['device code after an unknown one', 'deviceCode', { ...deviceCode, problem: 'unknown' }],
  ['device allowed', 'deviceDone', deviceDone],
  ['device denied', 'deviceDone', { ...deviceDone, outcome: 'denied' }],
  ['device left', 'deviceDone', { ...deviceDone, outcome: 'left' }],
]

function draw(page: keyof Pages, view: object): string {
  return (defaultPages[page] as (view: object) => string)(view)
}

const hostile = [
  '"><script>alert(1)</script>',
  '" autofocus onfocus="alert(1)',
  "' onmouseover='alert(1)",
  '</title></style><img src=x onerror=alert(1)>',
  '<!-- ]]> --!>',
  '&quot;&lt;b&gt;&amp;',
]

/** Every copy of a view with one of its strings replaced; `problem` is a closed set and links have their own test. */
function* poisoned(value: unknown, poison: string): Generator<unknown> {
  if (typeof value === 'string') yield poison
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    if (['problem', 'uri', 'policyUri', 'tosUri', 'kind', 'outcome'].includes(key)) continue
    for (const bad of poisoned(part, poison)) {
      yield Array.isArray(value) ? value.with(Number(key), bad) : { ...value, [key]: bad }
    }
  }
}

for (const [name, page, view] of samples) {
  test(`T-AUZ-10: ${name}: no field can add an element or attribute`, () => {
    const expected = shape(draw(page, view))
    for (const poison of hostile) {
      const views = [...poisoned(view, poison)]
      assert.ok(views.length > 0)
      for (const bad of views) assert.deepEqual(shape(draw(page, bad as object)), expected)
    }
  })

  test(`T-SES-2: ${name}: no inline script, style attribute or event handler`, () => {
    for (const { name: tag, attributes } of read(draw(page, view)).tags) {
      if (tag === 'script') assert.equal(attributes.get('src'), '/form-post.js')
      for (const attribute of attributes.keys()) assert.doesNotMatch(attribute, /^(on|style$)/i)
    }
  })

  test(`WCAG 2.2 §2.4.2, §3.1.1: ${name}: has a language, a title, one main and one h1, unique ids and labels`, () => {
    const { tags } = read(draw(page, view))
    const count = (tag: string) => tags.filter((item) => item.name === tag).length
    assert.deepEqual(['title', 'main', 'h1'].map(count), [1, 1, 1])
    assert.equal(tags.find((tag) => tag.name === 'html')?.attributes.get('lang'), 'en')
    const ids = tags.flatMap((tag) => tag.attributes.get('id') ?? [])
    assert.equal(new Set(ids).size, ids.length)
    for (const { attributes } of tags) {
      for (const reference of ['for', 'aria-describedby', 'aria-labelledby']) {
        const targets = attributes.get(reference)?.split(' ') ?? []
        for (const target of targets) assert.ok(ids.includes(target), target)
      }
    }
  })
}

for (const [name, page, view] of samples.filter(([name]) =>
  ['sign in', 'consent', 'error', 'sign out', 'consent for a device', 'device code'].includes(name),
)) {
  test(`T-AUZ-10: ${name}: every field arrives as it was given`, () => {
    for (const poison of hostile) {
      for (const bad of poisoned(view, poison)) {
        const { tags, text } = read(draw(page, bad as object))
        assert.ok(text.includes(poison) || tags.some((tag) => [...tag.attributes.values()].includes(poison)))
      }
    }
  })
}

test('T-AUZ-9: form_post carries every parameter unchanged and in order', () => {
  const fields = hostile.map((text, index) => [`${index}${text}`, text] as const)
  const { tags } = read(defaultPages.formPost({ ...formPost, fields }))
  const inputs = tags.filter((tag) => tag.name === 'input').map(({ attributes }) => [...attributes.values()])
  assert.deepEqual(
    inputs,
    fields.map(([name, value]) => ['hidden', name, value]),
  )
})

test('form_post: the script finds the form, and a field named submit does not stop it', () => {
  const id = /getElementById\('([^']+)'\)/.exec(formPostScript)?.[1] ?? ''
  const form = read(defaultPages.formPost(formPost)).tags.find((tag) => tag.name === 'form')
  assert.equal(form?.attributes.get('id'), id)
  assert.equal(form?.attributes.get('action'), 'https://prints.example/cb')
  assert.match(formPostScript, /HTMLFormElement\.prototype\.submit\.call/)
})

test('T-AUZ-10: consent: client addresses that are not http or https are not linked', () => {
  for (const key of ['uri', 'policyUri', 'tosUri'] as const) {
    for (const address of ['javascript:alert(1)', ' JAVASCRIPT:alert(1)', 'data:text/html,x', '/here', ...hostile]) {
      const client = { id: 'c1', name: 'Prints', [key]: address }
      assert.doesNotMatch(defaultPages.consent({ ...consent, client }), /<a /)
    }
  }
  const links = read(defaultPages.consent(consent)).tags.filter((tag) => tag.name === 'a')
  const hrefs = links.map((tag) => tag.attributes.get('href'))
  assert.deepEqual(hrefs, ['https://a.example/', 'https://b.example/', 'http://c.example/'])
})
