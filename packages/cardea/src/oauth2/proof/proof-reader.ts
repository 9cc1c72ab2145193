import type { Client } from '../../core/model/client.ts'
import type { Confirmation } from '../../core/model/grant-facts.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { PendingUse } from '../../core/tokens/request-ledger.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { ResponseHeaders } from '../../http/response.ts'

/** What a request proves besides who the client is. */
export interface Proof {
  /** The key that its sender holds. */
  readonly confirmation: Confirmation
  /** What goes with the answer. */
  readonly headers?: ResponseHeaders
  /**
   * For a proof that holds once: used up with what is given for it, so that nobody fills the store with proofs that lead to
   * nothing.
   */
  readonly uses?: readonly PendingUse[]
}

/** What a reader is asked about. */
export interface ProofRequest {
  readonly engine: Engine
  /** Who asks; authenticated. */
  readonly client: Client
  readonly request: HttpRequest
  /** Addresses of the endpoint by configuration, never by the Host header. */
  readonly urls: readonly string[]
  /** Tokens are issued here: whoever has to prove something has to do it now. */
  readonly demanded: boolean
}

/** One way to prove possession of a key, to which tokens are then bound. A new one is a file with one of these and a line in the list. */
export interface ProofReader {
  /**
   * Undefined at once where the request proves nothing in this way: then nothing is waited for.
   * @throws ProtocolError for a proof that does not hold, or is missing where it must not be
   */
  read(request: ProofRequest): Proof | undefined | Promise<Proof | undefined>
}

async function together(readings: readonly (Proof | undefined | Promise<Proof | undefined>)[]): Promise<Proof> {
  const proofs = await Promise.all(readings)
  const headers = Object.assign({}, ...proofs.map((proof) => proof?.headers))
  return {
    confirmation: Object.assign({}, ...proofs.map((proof) => proof?.confirmation)),
    headers,
    uses: proofs.flatMap((proof) => proof?.uses ?? []),
  }
}

/** Everything the request proves, by all readers. A promise only where one of them has something to check. */
export function proofOf(readers: readonly ProofReader[], request: ProofRequest): undefined | Promise<Proof> {
  const readings = readers.map((reader) => reader.read(request)).filter((reading) => reading !== undefined)
  return readings.length === 0 ? undefined : together(readings)
}
