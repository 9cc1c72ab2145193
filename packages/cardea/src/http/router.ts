import type { HttpRequest } from './request.ts'
import type { HttpResponse } from './response.ts'

export type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** How the endpoint of that name tells of a refusal: as JSON or on a page. */
export type Refuse = (error: unknown, endpoint: string) => HttpResponse | Promise<HttpResponse>

export interface Route {
  /** Stable name for events and logs. */
  readonly name: string
  /** Absolute paths, without trailing slash; a path that ends in `/*` also takes everything below it. */
  readonly paths: readonly string[]
  readonly methods: Readonly<Record<string, Handler>>
  readonly refuse: Refuse
  /** Judges by itself whether the way a request came is secure enough. */
  readonly judgesTransport?: boolean
  /** GET may issue something, so a HEAD, which nobody sees the answer of, is not taken for it. */
  readonly getHasEffects?: boolean
  /** Readable by scripts of any site, never with credentials (RFC 9700 §2.6: not for the authorization endpoint). */
  readonly cors?: boolean
}

export type RouteFinder = (path: string) => Route | undefined

const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path)

/** Exact paths, trailing slash optional; nothing is decoded or normalised, so that no second spelling reaches a route. */
export function routeFinder(routes: readonly Route[]): RouteFinder {
  const exact = new Map<string, Route>()
  const below: { prefix: string; route: Route }[] = []
  for (const route of routes) {
    for (const path of route.paths) {
      if (path.endsWith('/*')) below.push({ prefix: path.slice(0, -1), route })
      else if (exact.has(path))
        throw new TypeError(`paths: ${path} is used by ${exact.get(path)?.name} and ${route.name}`)
      else exact.set(path, route)
    }
  }
  return (path) =>
    exact.get(path) ?? exact.get(withoutSlash(path)) ?? below.find((entry) => path.startsWith(entry.prefix))?.route
}
