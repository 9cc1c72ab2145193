import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, allow, bob, decline } from '../../testing/authorization-visit.ts'
import {
  approveDevice,
  enterCode,
  newDevice,
  poll,
  startDevices,
  television,
  visitDevice,
  visitDeviceConsent,
} from '../../testing/device-flow.ts'
import { clientFrom, formsOf } from '../../testing/index.ts'

const respelled: readonly (readonly [string, (code: string) => string])[] = [
  ['lower case', (code) => code.toLowerCase()],
  ['no hyphen', (code) => code.replace('-', '')],
  ['blanks', (code) => ` ${[...code.replace('-', '')].join(' ')} `],
  ['another dash', (code) => code.replace('-', '–')],
  ['full width', (code) => [...code].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')],
]

for (const [name, spell] of respelled) {
  test(`RFC 8628 §6.1, A2-DEV-10: a code is taken with ${name}`, async () => {
    const server = await startDevices()
    const { user_code } = await newDevice(server)
    const answer = await enterCode(server.agent(), spell(user_code))
    assert.match(answer.headers.get('location') ?? '', /^\/interaction\//)
  })
}

test('RFC 8628 §6.1: a code of digits is taken with and without its hyphens', async () => {
  const server = await startDevices({ deviceGrant: { userCode: 'digits' } })
  const { user_code } = await newDevice(server)
  for (const typed of [user_code, user_code.replaceAll('-', ''), user_code.replaceAll('-', ' ')])
    assert.equal((await enterCode(server.agent(), typed)).status, 303)
})

test('RFC 8628 §3.3.1, §5.4, T-DEV-3: opening the complete address fills the code in, and approves, claims and asks nothing', async () => {
  const server = await startDevices({ users: [alice, bob] })
  const browser = (await visitDeviceConsent(server, (await newDevice(server)).user_code)).browser
  const { device_code, user_code, verification_uri_complete } = await newDevice(server)
  const page = await browser.get(verification_uri_complete)
  const text = await page.text()
  assert.equal(page.status, 200)
  assert.ok(text.includes(`value="${user_code}"`))
  assert.match(text, /Continue only if/)
  assert.doesNotMatch(text, /Television|autofocus/)
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
  assert.equal((await visitDeviceConsent(server, user_code, bob)).page.status, 200) // still nobody's
})

test('RFC 8628 §5.4, T-DEV-3: the consent page shows code, client, scopes, when and from where, and warns', async () => {
  const server = await startDevices()
  const { user_code } = await newDevice(server, { scope: 'read write' })
  server.clock.advance(125)
  const here = await visitDeviceConsent(server, user_code.toLowerCase())
  for (const words of [
    user_code,
    'Television',
    'Read your things',
    'Change your things',
    '2 minutes ago',
    '203.0.113.7',
  ])
    assert.ok(here.text.includes(words), words)
  assert.match(here.text, /Did someone send you this code/)
  assert.doesNotMatch(here.text, /Not the network you are on now|You will be sent to|Use another account/)
})

test('RFC 8628 §5.4, T-DEV-3: a request from another network is named as such', async () => {
  const server = await startDevices()
  const { user_code } = await newDevice(server)
  const { text } = await visitDeviceConsent(server, user_code, alice, server.agent('198.51.100.20'))
  assert.match(text, /203\.0\.113\.7[\s\S]*Not the network you are on now/)
})

test('RFC 8628 §5.4: the person is asked every time, and what they allow a device is remembered for nothing else', async () => {
  const server = await startDevices({ clients: [{ ...television, first_party: true }] })
  const first = await visitDeviceConsent(server, (await newDevice(server)).user_code)
  await allow(first)
  assert.equal(await server.store.consents.find(alice.id, 'tv'), undefined)
  const second = await visitDevice(first.browser, (await newDevice(server)).user_code)
  assert.match(second.text, /name="decision" value="allow"/)
})

test('RFC 8628 §3.3: who allows is told to go back to the device', async () => {
  const server = await startDevices()
  const { user_code } = await newDevice(server)
  const done = await approveDevice(server, user_code)
  assert.match(await done.text(), /go back to your device/)
  const { type, ...approved } = server.events.find((event) => event.type === 'device_approved') ?? { type: '' }
  assert.deepEqual(approved, { clientId: 'tv', userId: alice.id, scope: ['read'] })
})

test('T-DEV-4: whoever entered a code first keeps it: another user neither sees nor answers it', async () => {
  const server = await startDevices({ users: [alice, bob] })
  const { device_code, user_code } = await newDevice(server)
  const mine = await visitDeviceConsent(server, user_code)
  const other = await visitDevice(server.agent(), user_code)
  const { username, password } = bob
  const form = { csrf: other.csrf, username, password, action: 'sign_in' }
  const refused = await other.browser.follow(await other.browser.post(other.path, form))
  assert.equal(refused.status, 403)
  assert.doesNotMatch(await refused.text(), /Television|name="decision"/)
  assert.equal((await decline(other)).status, 403)
  assert.equal((await enterCode(other.browser, user_code)).status, 400)
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
  assert.equal((await allow(mine)).status, 200)
})

test('T-DEV-4: a page that was shown to one user is void once another has signed in there', async () => {
  const server = await startDevices({ users: [alice, bob] })
  const { device_code, user_code } = await newDevice(server)
  const mine = await visitDeviceConsent(server, user_code)
  await mine.browser.submit(await mine.browser.get('/device'), { action: 'switch_account' })
  await visitDeviceConsent(server, (await newDevice(server)).user_code, bob, mine.browser)
  assert.equal((await allow(mine)).status, 403)
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
})

test('T-DEV-4: Cancel before any sign-in ends nothing: whoever has the device can still enter its code', async () => {
  const server = await startDevices()
  const { device_code, user_code } = await newDevice(server)
  const stranger = await visitDevice(server.agent(), user_code)
  const left = await stranger.browser.post(stranger.path, { csrf: stranger.csrf, action: 'cancel' })
  assert.match(await left.text(), /Nothing was connected/)
  assert.equal((await poll(server, device_code)).error, 'authorization_pending')
  assert.equal((await approveDevice(server, user_code)).status, 200)
})

test('RFC 8628 §3.3, A2-DEV-10: nothing, a malformed and an unknown code are each explained, and can be corrected', async () => {
  const server = await startDevices()
  const browser = server.agent()
  for (const [typed, words] of [
    ['', /Please enter the code/],
    ['AEIOU', /8 letters without vowels/],
    ['BBBB-BBBB', /No device is waiting with that code/],
  ] as const) {
    const page = await enterCode(browser, typed)
    const text = await page.clone().text()
    assert.equal(page.status, 400)
    assert.match(text, words)
    assert.match(text, /aria-invalid="true"/)
    assert.ok(text.includes(`value="${typed}"`))
  }
})

test('RFC 8628 §3.3: a code that has expired, or was answered, is like one that never was', async () => {
  const server = await startDevices()
  const [answered, expired] = [await newDevice(server), await newDevice(server)]
  await approveDevice(server, answered.user_code)
  const said = async (code: string) =>
    (await (await enterCode(server.agent(), code)).text()).match(/No device is waiting/)
  assert.ok(await said(answered.user_code))
  server.clock.advance(1800)
  assert.ok(await said(expired.user_code))
})

test('RFC 8628 §3.3: a code that expires, or is answered elsewhere, while its page is open cannot be allowed', async () => {
  const server = await startDevices({ lifetimes: { interaction: 3600 } })
  const [late, twice] = [await newDevice(server), await newDevice(server)]
  const page = await visitDeviceConsent(server, late.user_code)
  const [first, second] = [
    await visitDeviceConsent(server, twice.user_code),
    await visitDeviceConsent(server, twice.user_code),
  ]
  await decline(first)
  assert.equal((await allow(second)).status, 400)
  assert.equal((await poll(server, twice.device_code)).error, 'access_denied')
  server.clock.advance(1800)
  const gone = await allow(page)
  assert.equal(gone.status, 400)
  assert.match(await gone.text(), /This code has expired/)
})

test('RFC 8628 §5.4: a form of another site cannot enter a code, nor can one without its proof', async () => {
  const server = await startDevices()
  const { user_code } = await newDevice(server)
  const browser = server.agent()
  const page = await browser.get('/device')
  const csrf = formsOf(await page.text())[0]?.fields.find(([name]) => name === 'csrf')?.[1] ?? ''
  const posted = async (form: Record<string, string>, headers?: Record<string, string>) =>
    (await browser.post('/device', { user_code, action: 'continue', ...form }, headers)).status
  assert.equal(await posted({}), 403)
  assert.equal(await posted({ csrf }, { origin: 'https://attacker.example' }), 403)
  assert.equal(await posted({ csrf }, { 'sec-fetch-site': 'cross-site' }), 403)
  const strange = await server.agent().post('/device', { csrf, user_code })
  assert.equal(strange.status, 403)
  assert.match(await strange.text(), /open for too long/)
  assert.equal(await posted({ csrf }), 303)
})

test('A2-DEV-10: people switch accounts before the code belongs to one, and keep what they typed', async () => {
  const server = await startDevices({ users: [alice, bob] })
  const { browser } = await visitDeviceConsent(server, (await newDevice(server)).user_code)
  const { device_code, user_code } = await newDevice(server)
  const page = await browser.get(`/device?user_code=${user_code}`)
  assert.match(await page.clone().text(), /Signed in as <strong><bdi>alice/)
  const back = await browser.submit(page, { action: 'switch_account' })
  assert.equal(back.headers.get('location'), `/device?user_code=${user_code}`)
  assert.doesNotMatch(await (await browser.follow(back)).text(), /Signed in as/)
  await allow(await visitDeviceConsent(server, user_code, bob, browser))
  await poll(server, device_code)
  const issued = server.events.findLast(({ type }) => type === 'token_issued')
  assert.equal(issued?.type === 'token_issued' && issued.userId, bob.id)
})

test('A2-DEV-10: what was typed survives a change of account, even where it is cut in the middle of a character', async () => {
  const server = await startDevices()
  const { browser } = await visitDeviceConsent(server, (await newDevice(server)).user_code)
  const typed = `${'a'.repeat(63)}\u{1f600}`
  const back = await browser.submit(await browser.get('/device'), { user_code: typed, action: 'switch_account' })
  assert.equal(back.status, 303)
  assert.equal((await browser.follow(back)).status, 200)
})

test('RFC 8628 §3.3: a client that loses the grant or the scope meanwhile is not allowed', async () => {
  for (const changed of [{ grant_types: ['refresh_token'] }, { scope: 'write' }, { disabled: true }]) {
    const server = await startDevices()
    const page = await visitDeviceConsent(server, (await newDevice(server)).user_code)
    await server.store.clients.save(await clientFrom({ ...television, ...changed }))
    assert.equal((await allow(page)).status, 400)
    assert.equal(server.events.filter(({ type }) => type === 'device_approved').length, 0)
  }
})

test('RFC 8628 §3.3: hosts that sign people in by themselves do so for devices', async () => {
  let current: string | undefined
  const server = await startDevices({
    authenticateUser: ({ login }) => (current === undefined ? login('/my/sign-in') : { id: current }),
    accounts: { inStore: false, find: async (id) => ({ id, username: id }), authenticate: async () => undefined },
  })
  const { device_code, user_code } = await newDevice(server)
  const browser = server.agent()
  const path = (await enterCode(browser, user_code)).headers.get('location') ?? ''
  const away = (await browser.get(path)).headers.get('location') ?? ''
  assert.equal(away, `/my/sign-in?return_to=${encodeURIComponent(path)}`)
  current = 'host-user'
  const consent = await browser.get(path)
  const answer = await browser.submit(consent, { decision: 'allow' })
  assert.match(await answer.text(), /go back to your device/)
  assert.equal((await poll(server, device_code)).status, 200)
  const issued = server.events.findLast(({ type }) => type === 'token_issued')
  assert.equal(issued?.type === 'token_issued' && issued.userId, 'host-user')
})
