import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { OutgoingFailed, outgoing } from 'cardea'

// Run by runtimes other than Node.js: what of the guard hangs on how a runtime makes connections.
let asked = 0
const server = createServer((request, response) => {
  asked++
  if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
  else response.setHeader('content-type', 'application/json').end(`"${'x'.repeat(500)}"`)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
assert(typeof address === 'object' && address !== null)
const { port } = address

const problemOf = async (url: string, maxBytes = 1000, allowHosts = ['localhost', '127.0.0.1']): Promise<string> => {
  const loopback = { address: '127.0.0.1', family: 4 } as const
  const elsewhere = { address: '10.0.0.1', family: 4 } as const
  const resolve = async (name: string) => [name === 'localhost' ? loopback : elsewhere]
  try {
    await outgoing({ allowHosts, resolve, timeout: 2000 }).send({ url, accept: ['application/json'], maxBytes })
    return 'none'
  } catch (error) {
    return error instanceof OutgoingFailed ? error.problem : String(error)
  }
}

assert.equal(await problemOf(`http://localhost:${port}/`), 'none')
assert.equal(await problemOf(`http://127.0.0.1:${port}/`), 'none')
assert.equal(await problemOf(`http://localhost:${port}/moved`), 'redirected')
assert.equal(await problemOf(`http://localhost:${port}/`, 100), 'too_large')
assert.equal(asked, 4)
assert.equal(await problemOf(`https://localhost:${port}/`, 1000, []), 'forbidden_address')
assert.equal(await problemOf(`https://keys.example:${port}/`), 'forbidden_address')
assert.equal(asked, 4)
server.closeAllConnections()
server.close()
console.log('the guard holds')
process.exit(0)
