/** A program for runtimes that serve fetch handlers themselves. Says where it listens, and ends with its input. */
import { type Fetch, runtimeHost } from './runtime-host.ts'

interface Served {
  readonly port: number
}

interface Runtimes {
  readonly Bun?: { serve(options: { hostname: string; port: number; fetch: Fetch }): Served }
  readonly Deno?: {
    serve(options: { hostname: string; port: number; onListen(): void }, fetch: Fetch): { addr: Served }
  }
}

const { Bun, Deno } = globalThis as Runtimes

function listen(fetch: Fetch): Served {
  const where = { hostname: '127.0.0.1', port: 0 }
  if (Bun !== undefined) return Bun.serve({ ...where, fetch })
  if (Deno !== undefined) return Deno.serve({ ...where, onListen() {} }, fetch).addr
  throw new Error('neither Bun nor Deno runs this')
}

const waiting: { handle: Fetch } = { handle: () => new Response(null, { status: 503 }) }
const { port } = listen((request) => waiting.handle(request))
const issuer = `http://127.0.0.1:${port}${process.argv[2] ?? ''}`
waiting.handle = await runtimeHost(issuer)
console.log(`listening on ${issuer}`)
process.stdin.on('end', () => process.exit(0)).resume()
