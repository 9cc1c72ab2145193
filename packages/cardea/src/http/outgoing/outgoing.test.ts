import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { listenOnHttps } from '../../../test-support/https-loopback.ts'
import { loopbackCertificate } from '../../../test-support/loopback-certificate.ts'
import { failsWith, get, json, plain } from '../../../test-support/outgoing-host.ts'
import { outgoing } from './outgoing.ts'
import { OutgoingFailed } from './outgoing-failed.ts'
import { fetchTransport } from './transport.ts'

test('T-SSRF-1: only https, and http only to this machine where it is allowed by name', async (t) => {
  const { origin, ask } = await plain(t, (_request, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8').end('{"a":1}')
  })
  const { type, body } = await ask()
  assert.deepEqual([type, body], ['application/json', '{"a":1}'])
  await assert.rejects(get(origin), failsWith('insecure_url'))
  await assert.rejects(get(origin, { allowHosts: ['localhost', '127.0.0.1:1'] }), failsWith('insecure_url'))
  await assert.rejects(get(origin.replace('http', 'https')), failsWith('forbidden_address'))
  await assert.rejects(get('http://8.8.8.8/', { allowHosts: ['8.8.8.8'] }), failsWith('forbidden_address'))
  await assert.rejects(get('http://10.0.0.1/', { allowHosts: ['10.0.0.1'] }), failsWith('forbidden_address'))
})

test('T-SSRF-1, SEC-15: other schemes, credentials, fragments and unreadable addresses are refused', async () => {
  const urls = [
    '',
    '/doc',
    'ftp://a.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:1',
    'gopher://a.example/',
  ]
  const odd = [
    'https://user@a.example/',
    'https://a:b@a.example/',
    'https://a.example/#b',
    'https://',
    `https://a.example/${'a'.repeat(2100)}`,
  ]
  for (const url of [...urls, ...odd, 'http://localhost:80@attacker.example/']) {
    await assert.rejects(get(url, { allowHosts: ['localhost'] }), OutgoingFailed, url)
  }
})

test('T-SSRF-1: no spelling of an address gets around the guard', async () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '[fe80::1]',
    '[64:ff9b::a9fe:a9fe]',
    '10.0.0.1',
    '192.168.0.1',
    '127。0。0。1',
  ]
  for (const host of hosts) await assert.rejects(get(`https://${host}/`), failsWith('forbidden_address'), host)
})

test('T-SSRF-1: a name that leads to a private address is refused, even beside a public one', async () => {
  for (const addresses of [
    ['127.0.0.1'],
    ['10.1.1.1'],
    ['169.254.169.254'],
    ['8.8.8.8', '127.0.0.1'],
    ['::ffff:127.0.0.1'],
  ]) {
    const resolve = async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) }))
    await assert.rejects(get('https://keys.example/', { resolve }), failsWith('forbidden_address'))
  }
})

test('T-SSRF-1: a name that is allowed may be private, but never link-local', async () => {
  const resolve = async () => [{ address: '169.254.169.254', family: 4 as const }]
  await assert.rejects(
    get('https://keys.example/', { resolve, allowHosts: ['keys.example'] }),
    failsWith('forbidden_address'),
  )
})

test('T-SSRF-1: a name that changes its mind between check and connection gains nothing', async (t) => {
  let asked = 0
  const port = await listenOnHttps(t, (_request, response) => {
    asked++
    response.setHeader('content-type', 'application/json').end('{}')
  })
  let resolutions = 0
  const rebinding = async () => {
    resolutions++
    return [{ address: resolutions === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 as const }]
  }
  const options = { resolve: rebinding, ca: loopbackCertificate.cert }
  const door = outgoing(options)
  const url = `https://keys.example:${port}/`
  await assert.rejects(door.send({ url, accept: json }), failsWith('forbidden_address'))
  await assert.rejects(door.send({ url, accept: json }), failsWith('forbidden_address'))
  assert.equal(asked, 0)
  resolutions = 1
  // The connection goes to the address that was checked: resolved once, for that one name.
  await get(url, { ...options, allowHosts: ['keys.example'] })
  assert.deepEqual([asked, resolutions], [1, 2])
})

test('T-SSRF-1: an extra authority is trusted besides the usual ones; without it the certificate is not', async (t) => {
  const port = await listenOnHttps(t, (request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.headers.host))
  })
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }]
  const allowHosts = ['keys.example', 'other.example']
  const ca = loopbackCertificate.cert
  const { body } = await get(`https://keys.example:${port}/`, { resolve, allowHosts, ca: [ca] })
  assert.equal(body, `"keys.example:${port}"`)
  await assert.rejects(get(`https://keys.example:${port}/`, { resolve, allowHosts }), failsWith('unreachable'))
  await assert.rejects(get(`https://other.example:${port}/`, { resolve, allowHosts, ca }), failsWith('unreachable'))
})

for (const status of [301, 302, 303, 307, 308, 300, 304]) {
  test(`T-SSRF-1: a redirect (${status}) is not followed`, async (t) => {
    const seen: (string | undefined)[] = []
    const { ask } = await plain(t, (request, response) => {
      seen.push(request.url)
      response.writeHead(status, { location: '/elsewhere', 'content-type': 'application/json' }).end('{}')
    })
    await assert.rejects(ask(), failsWith('redirected'))
    assert.deepEqual(seen, ['/doc'])
  })
}

test('T-SSRF-1: nothing but a 200 is an answer, and the failure tells the status', async (t) => {
  let status = 500
  const { ask } = await plain(t, (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  for (status of [201, 204, 206, 400, 401, 404, 500, 503]) {
    await assert.rejects(
      ask(),
      (error) => failsWith('wrong_status')(error) && (error as OutgoingFailed).status === status,
    )
  }
})

test('T-SSRF-1: another content type is refused, and so is none', async (t) => {
  let type: string | undefined
  const { ask } = await plain(t, (_request, response) => {
    if (type !== undefined) response.setHeader('content-type', type)
    response.end('{}')
  })
  for (type of [
    undefined,
    '',
    'text/html',
    'text/plain',
    'application/jsonx',
    'text/html, application/json',
    'application/octet-stream',
  ]) {
    await assert.rejects(ask(), failsWith('wrong_type'), type)
  }
  for (type of ['application/json', 'Application/JSON;charset=utf-8', ' application/json ; q=1']) await ask()
})

test('T-SSRF-1, SEC-06: nothing compressed is asked for, and none is taken', async (t) => {
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  let asked: string | undefined
  const { ask } = await plain(t, (request, response) => {
    asked = String(request.headers['accept-encoding'])
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb)
  })
  await assert.rejects(ask({}, { maxBytes: 100_000 }), failsWith('encoded'))
  assert.equal(asked, 'identity')
})

test('RFC 6749 §2.3.1: a form is posted with its headers, and without cookies', async (t) => {
  const { origin } = await plain(t, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { authorization, cookie = null, host, 'content-type': type } = request.headers
    response.setHeader('content-type', 'application/json').setHeader('set-cookie', 'a=b')
    response.end(JSON.stringify({ method: request.method, body, authorization, cookie, host, type }))
  })
  const door = outgoing({ allowHosts: ['127.0.0.1'] })
  const form = new URLSearchParams({ token: 'a b' })
  for (const _time of [1, 2]) {
    const { body } = await door.send({
      url: `${origin}/x`,
      form,
      headers: { authorization: 'Basic eA==' },
      accept: json,
    })
    assert.deepEqual(JSON.parse(body), {
      method: 'POST',
      body: 'token=a+b',
      authorization: 'Basic eA==',
      cookie: null,
      host: new URL(origin).host,
      type: 'application/x-www-form-urlencoded',
    })
  }
})

test('RFC 9112 §9.3.1: a kept connection that the other side closed costs no answer', async (t) => {
  const sockets = new Set<{ destroy(): void }>()
  const { origin } = await plain(t, (request, response) => {
    sockets.add(request.socket)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  const door = outgoing({ allowHosts: ['127.0.0.1'] })
  for (const _time of [1, 2, 3]) {
    await door.send({ url: origin, accept: json })
    for (const socket of sockets) socket.destroy()
  }
  assert.equal(sockets.size, 3)
})

test('T-SSRF-1: the fetch of a platform without sockets is held to the same rules', async (t) => {
  const { origin } = await plain(t, (request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/doc' }).end()
    else if (request.url === '/html') response.setHeader('content-type', 'text/html').end('{}')
    else response.setHeader('content-type', 'application/json').end(`"${'x'.repeat(500)}"`)
  })
  const door = outgoing({ allowHosts: ['127.0.0.1'], maxBytes: 1000, transport: fetchTransport() })
  const ask = (path: string, more = {}) => door.send({ url: origin + path, accept: json, ...more })
  assert.equal((await ask('/doc')).body.length, 502)
  await assert.rejects(ask('/moved'), failsWith('redirected'))
  await assert.rejects(ask('/html'), failsWith('wrong_type'))
  await assert.rejects(ask('/doc', { maxBytes: 100 }), failsWith('too_large'))
  await assert.rejects(get('https://10.0.0.1/', { transport: fetchTransport() }), failsWith('forbidden_address'))
})
