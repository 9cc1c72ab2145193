/** A program for workerd, which knows its address with the first request only. */
import { createProvider } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import { secrets } from './actors.ts'
import { type Fetch, runtimeHost } from './runtime-host.ts'

interface Environment {
  readonly ISSUER: string
}

// Before the first request, workers take no random numbers and wait for nothing: this would end the program.
createProvider({ issuer: 'https://auth.example', store: memoryStore(), secrets, oauth1: true })

let host: Fetch | undefined

export default {
  async fetch(request: Request, { ISSUER }: Environment): Promise<Response> {
    host ??= await runtimeHost(ISSUER)
    return host(request)
  },
}
