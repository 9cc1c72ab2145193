import { equalInConstantTime } from '../../core/crypto/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { HttpRequest } from '../../http/request.ts'
import { ownAddress } from '../../interaction/host-session.ts'

/**
 * When a host was first told that the person must sign in again, kept in the address that its sign-in page sends back to:
 * without it, `prompt=login` would be demanded for ever.
 */
const parameter = 'cardea_asked_at'

const purpose = 'sign in again'

/** Not read strictly: it names a request that is checked elsewhere, where some parameters may come several times. */
const textOf = (time: string, params: URLSearchParams): string =>
  `${time} ${params.get('client_id')} ${params.get('state') ?? ''}`

/** Epoch seconds; undefined when it was not told before, or too long ago. */
export function toldAt(engine: Engine, { query }: HttpRequest): number | undefined {
  const params = new URLSearchParams(query)
  const [time = '', presented = ''] = (params.get(parameter) ?? '').split('.')
  const isOurs = engine.keyring.macs(purpose, textOf(time, params)).some((mac) => equalInConstantTime(mac, presented))
  const age = engine.clock.now() - Number(time)
  return isOurs && age <= engine.settings.lifetimes.interaction ? Number(time) : undefined
}

/** Path and query to come back to after the sign-in. */
export function returnAfterSignIn(engine: Engine, request: HttpRequest): string {
  const address = ownAddress(request)
  if (toldAt(engine, request) !== undefined) return address
  const params = new URLSearchParams(request.query)
  const time = String(engine.clock.now())
  const [path] = address.split('?', 1)
  const kept = request.query.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${parameter}=`))
  return `${path}?${[...kept, `${parameter}=${time}.${engine.keyring.mac(purpose, textOf(time, params))}`].join('&')}`
}
