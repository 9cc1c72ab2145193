import type { RequestListener } from 'node:http'
import type { Store } from 'cardea'
import { pathOf, sendJson, sendMethodNotAllowed } from './plain-answers.ts'

export interface Health {
  readonly store: Pick<Store, 'check'>
  /** The server is being stopped: balancers should send nothing more. */
  isStopping(): boolean
}

/** Milliseconds a readiness answer is used again: probes of many balancers must not each cost a durable write. */
const memory = 500

/** `/health/live`: the process answers. `/health/ready`: a write would be durable now. Undefined for other paths. */
export function healthRoutes({ store, isStopping }: Health): (path: string) => RequestListener | undefined {
  let checkedAt = Number.NEGATIVE_INFINITY
  let last: Promise<boolean> = Promise.resolve(false)
  const isReady = (): Promise<boolean> => {
    if (performance.now() - checkedAt < memory) return last
    checkedAt = performance.now()
    last = store.check().then(
      () => true,
      () => false,
    )
    return last
  }
  const live: RequestListener = (_request, response) => sendJson(response, 200, { status: 'live' })
  const ready: RequestListener = (_request, response) => {
    void isReady().then((isUp) => {
      if (isStopping()) sendJson(response, 503, { status: 'stopping' }, { 'retry-after': '5' })
      else if (isUp) sendJson(response, 200, { status: 'ready' })
      else sendJson(response, 503, { status: 'storage unavailable' }, { 'retry-after': '5' })
    })
  }
  const reading =
    (handler: RequestListener): RequestListener =>
    (request, response) => {
      if (request.method === 'GET' || request.method === 'HEAD') handler(request, response)
      else sendMethodNotAllowed(response, 'GET, HEAD')
    }
  const routes = new Map([
    ['/health/live', reading(live)],
    ['/health/ready', reading(ready)],
  ])
  return (path) => routes.get(path)
}

/** Answers for a path of this server's own, or says that there is none. */
export const routedBy =
  (find: (path: string) => RequestListener | undefined, otherwise: RequestListener): RequestListener =>
  (request, response) =>
    (find(pathOf(request)) ?? otherwise)(request, response)
