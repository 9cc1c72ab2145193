import type { Client } from '../../core/model/client.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Params } from '../../http/params.ts'

/** What a reader is asked about. */
export interface FactRequest {
  readonly engine: Engine
  /** Who asks. */
  readonly client: Client
  readonly params: Params
  /** What may be granted of the scope asked for. */
  readonly scope: readonly string[]
}

/**
 * One extension of authorization requests: reads its parameters into facts, which are kept with the request, the code
 * and every token that follows. A new one is a file with one of these and a line in the list.
 */
export interface FactReader {
  /** Parameters of its own that may come several times (`resource`). */
  readonly repeatable?: readonly string[]
  /**
   * Undefined: the request says nothing of it.
   * @throws ProtocolError, which the client is told
   */
  read(request: FactRequest): GrantFacts | undefined | Promise<GrantFacts | undefined>
  /**
   * What of the scope goes with what it reads. Default: all of it.
   * @throws ProtocolError, which the client is told
   */
  scope?(request: FactRequest): readonly string[] | Promise<readonly string[]>
}

export const repeatableOf = (readers: readonly FactReader[]): readonly string[] =>
  readers.flatMap(({ repeatable = [] }) => repeatable)

/** What the readers leave of the scope. */
export async function scopeOf(readers: readonly FactReader[], request: FactRequest): Promise<readonly string[]> {
  let { scope } = request
  for (const reader of readers) if (reader.scope !== undefined) scope = await reader.scope({ ...request, scope })
  return scope
}

/** Everything the readers find; undefined where that is nothing, so that plain requests carry nothing along. */
export async function factsOf(readers: readonly FactReader[], request: FactRequest): Promise<GrantFacts | undefined> {
  let facts: GrantFacts | undefined
  for (const reader of readers) {
    const found = await reader.read(request)
    if (found !== undefined) facts = { ...facts, ...found }
  }
  return facts
}
