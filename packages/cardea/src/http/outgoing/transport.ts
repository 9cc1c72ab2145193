/** A request that passed the guard. */
export interface TransportRequest {
  /** Nothing else is asked of others. */
  readonly method: 'GET' | 'POST'
  /** Where to; checked, but for what its name resolves to. */
  readonly url: URL
  /** All there are to be. */
  readonly headers: Readonly<Record<string, string>>
  /** A form; undefined for GET. */
  readonly body: string | undefined
  /** Aborts when the time is over. */
  readonly signal: AbortSignal
  /** Whether an address that the host's name resolved to may be connected to. To be asked about every one of them. */
  permits(address: string): boolean
  /** To be called before the body is read; throws when the answer is of no use. */
  inspect(head: AnswerHead): void
  /** Called with every byte count so far; throws when it is too much. */
  count(bytes: number): void
}

/** What comes before the body of an answer. */
export interface AnswerHead {
  /** As it came, redirects included. */
  readonly status: number
  /** By lower-case name. */
  header(name: string): string | undefined
}

/** A whole answer. */
export interface TransportAnswer extends AnswerHead {
  /** As many bytes as were counted. */
  readonly body: Uint8Array
}

/**
 * What connects to elsewhere. Must follow no redirect, send nothing but what it is given, undo no encoding, and connect
 * to no address that `permits` refuses, where it can tell addresses at all.
 */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>

/**
 * By the `fetch` of the platform, for runtimes without sockets. It cannot see addresses, so it stops neither DNS
 * rebinding nor names that lead to private networks: only for platforms that reach no such network, such as Workers.
 */
export function fetchTransport(fetch: typeof globalThis.fetch = globalThis.fetch): Transport {
  return async ({ method, url, headers, body, signal, inspect, count }) => {
    const init: RequestInit = { method, headers, redirect: 'manual', signal, ...(body !== undefined && { body }) }
    const response = await fetch(url, init)
    // Undone by fetch already, so the count below is the one of the bytes that matter.
    const head: AnswerHead = {
      status: response.type === 'opaqueredirect' ? 302 : response.status,
      header: (name) => (name === 'content-encoding' ? undefined : (response.headers.get(name) ?? undefined)),
    }
    inspect(head)
    const chunks: Uint8Array[] = []
    let total = 0
    for await (const chunk of response.body ?? []) {
      total += chunk.length
      count(total)
      chunks.push(chunk)
    }
    return { ...head, body: Buffer.concat(chunks) }
  }
}
