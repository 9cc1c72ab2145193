import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oauth1Authorization, percentEncode } from './oauth1-signature.ts'

const consumer = { consumerKey: 'dpf43f3p2l4k3l03', consumerSecret: 'kd94hf93k423kf44' }

test('RFC 5849 §1.2: signs the resource request of the example as the RFC does', () => {
  const request = {
    method: 'GET',
    url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
    timestamp: 137131202,
    nonce: 'chapoH',
  }
  const header = oauth1Authorization(request, {
    ...consumer,
    token: 'nnch734d00sl2jdk',
    tokenSecret: 'pfkkdhi9sl3r4s00',
  })
  assert.match(header, /^OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", /)
  assert.match(header, /oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"$/)
})

test('RFC 5849 §1.2: signs the request for temporary credentials as the RFC does, without a token', () => {
  const request = {
    method: 'POST',
    url: 'https://photos.example.net/initiate',
    timestamp: 137131200,
    nonce: 'wIjqoS',
    parameters: { oauth_callback: 'http://printer.example.com/ready' },
  }
  const header = oauth1Authorization(request, consumer)
  assert.doesNotMatch(header, /oauth_token=/)
  assert.match(header, /oauth_callback="http%3A%2F%2Fprinter\.example\.com%2Fready", oauth_signature="/)
  assert.match(header, /oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"$/)
})

test('RFC 5849 §3.6: escapes what a URI component would leave, in upper case', () => {
  assert.equal(percentEncode("-._~!'()* +/é"), '-._~%21%27%28%29%2A%20%2B%2F%C3%A9')
})
