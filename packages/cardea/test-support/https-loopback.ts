import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { loopbackCertificate } from './loopback-certificate.ts'

/** An https server on a free port of 127.0.0.1, closed after the test. */
export async function listenOnHttps(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer({ ...loopbackCertificate }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}
