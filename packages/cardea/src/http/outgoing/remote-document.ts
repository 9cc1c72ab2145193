import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing, OutgoingAnswer } from './outgoing.ts'
import { OutgoingFailed } from './outgoing-failed.ts'

/** How long what was fetched is believed. All in seconds. */
export interface Freshness {
  /** Least, whatever the answer says: nobody has us fetch with every request. Default 60. */
  readonly least?: number
  /** Most, whatever the answer says. Default 86400. */
  readonly most?: number
  /** Where the answer says nothing. Default 600. */
  readonly usual?: number
  /** After that time it may still be used for as long while fetching fails. Default 3600. */
  readonly stale?: number
  /** For as long after a failure nobody tries again. Default 10. */
  readonly failure?: number
  /** Least between two fetches that `refresh` asks for. Default 30. */
  readonly refresh?: number
}

export interface RemoteDocumentOptions<Value> {
  readonly url: string
  readonly outgoing: Outgoing
  readonly clock: Clock
  readonly accept: readonly string[]
  readonly maxBytes?: number
  readonly freshness?: Freshness
  /** What throws here counts as a failed fetch. */
  parse(body: string): Value
}

/** A document of another server, kept for a while. */
export interface RemoteDocument<Value> {
  /** Whether `get` would fetch nothing. */
  isFresh(): boolean
  /** Rejects with `OutgoingFailed` when there is none and none can be had. */
  get(): Promise<Value>
  /** Fetches again, unless this was asked for just now. For when what is there turns out to be too old. */
  refresh(): Promise<Value>
}

const usualFreshness: Required<Freshness> = {
  least: 60,
  most: 86_400,
  usual: 600,
  stale: 3600,
  failure: 10,
  refresh: 30,
}

/** RFC 9111 §5.2.2.1 and §4.2.3, within bounds. */
function secondsFresh(answer: OutgoingAnswer, { least, most, usual }: Required<Freshness>): number {
  const control = answer.header('cache-control')?.toLowerCase() ?? ''
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/.test(control)) return least
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/.exec(control)?.[1]
  const age = /^\d{1,9}$/.exec(answer.header('age') ?? '')?.[0] ?? '0'
  const seconds = maxAge === undefined ? usual : Number(maxAge) - Number(age)
  return Math.min(Math.max(seconds, least), most)
}

interface Kept<Value> {
  readonly value: Value
  readonly freshUntil: number
}

interface Failure {
  readonly error: unknown
  readonly until: number
}

/** Fetched by one request for all that wait for it, kept for as long as its server says, within bounds. */
export function remoteDocument<Value>(options: RemoteDocumentOptions<Value>): RemoteDocument<Value> {
  const { url, outgoing, clock, accept, maxBytes, parse } = options
  const freshness = { ...usualFreshness, ...options.freshness }
  let kept: Kept<Value> | undefined
  let failure: Failure | undefined
  let underway: Promise<Value> | undefined
  let refreshedAt: number | undefined

  const fetchNow = async (): Promise<Value> => {
    try {
      const answer = await outgoing.send({ url, accept, ...(maxBytes !== undefined && { maxBytes }) })
      const value = parsed(answer.body)
      const now = clock.now()
      kept = { value, freshUntil: now + secondsFresh(answer, freshness) }
      failure = undefined
      return value
    } catch (error) {
      // It was we who had no room: that says nothing about the other side, and somebody may have wanted it so.
      const isOurs = error instanceof OutgoingFailed && error.problem === 'busy'
      if (!isOurs) failure = { error, until: clock.now() + freshness.failure }
      return staleOr(error)
    }
  }
  const parsed = (body: string): Value => {
    try {
      return parse(body)
    } catch (cause) {
      throw new OutgoingFailed('malformed', new URL(url).host, { cause })
    }
  }
  const staleOr = (error: unknown): Value => {
    if (kept !== undefined && clock.now() < kept.freshUntil + freshness.stale) return kept.value
    throw error
  }
  const fetchOnce = (): Promise<Value> => {
    underway ??= fetchNow().finally(() => {
      underway = undefined
    })
    return underway
  }
  const fresh = () => (kept !== undefined && clock.now() < kept.freshUntil ? kept : undefined)
  return {
    isFresh: () => fresh() !== undefined,
    async get() {
      const now = clock.now()
      const found = fresh()
      if (found !== undefined) return found.value
      if (failure !== undefined && now < failure.until) return staleOr(failure.error)
      return fetchOnce()
    },
    async refresh() {
      const now = clock.now()
      if (failure !== undefined && now < failure.until) return staleOr(failure.error)
      // Those who come while it is under way wait for it, too.
      const isTooSoon = refreshedAt !== undefined && Math.abs(now - refreshedAt) < freshness.refresh
      if (kept !== undefined && isTooSoon) return underway ?? kept.value
      refreshedAt = now
      return fetchOnce()
    },
  }
}
