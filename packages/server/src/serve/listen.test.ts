import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { localhostCertificate } from '../../test-support/localhost-certificate.ts'
import { connectionLimits, httpServer, listen } from './listen.ts'

const options = { host: '127.0.0.1', port: 0, tls: localhostCertificate, maxConnections: 10 }

test('T-WEB-3: a connection that never finishes its TLS handshake gets no more time than headers do', async () => {
  const server = httpServer(options, (_request, response) => response.end(), {
    ...connectionLimits,
    headersTimeout: 20,
  })
  const { port } = await listen(server, options)
  const socket = connect(port, '127.0.0.1')
  const [error] = await once(server, 'tlsClientError')
  assert.equal((error as NodeJS.ErrnoException).code, 'ERR_TLS_HANDSHAKE_TIMEOUT')
  if (!socket.destroyed) await once(socket.resume(), 'close')
  await new Promise((resolve) => server.close(resolve))
})
