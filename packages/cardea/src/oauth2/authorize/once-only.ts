import type { TokenDigest } from '../../core/model/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { type PendingUse, useUp } from '../../core/tokens/request-ledger.ts'

/** What an authorization request stands on, where that is good for one answer: a pushed request, or a `jti`. */
export type OnceOnly =
  | { readonly kind: 'pushed'; readonly digest: TokenDigest }
  | {
      readonly kind: 'object'
      /** Of whom it is, and its `jti`. */
      readonly key: string
      /** Epoch seconds at which it would expire anyway. */
      readonly until: number
    }

/** As an interaction keeps it. */
export const onceText = (once: OnceOnly): string =>
  once.kind === 'pushed' ? `pushed ${once.digest}` : `object ${once.until} ${once.key}`

export function onceFrom(text: string): OnceOnly {
  const [kind = '', first = '', ...rest] = text.split(' ')
  return kind === 'pushed'
    ? { kind, digest: first as TokenDigest }
    : { kind: 'object', until: Number(first), key: rest.join(' ') }
}

const usedBefore = (once: OnceOnly): ProtocolError =>
  once.kind === 'pushed'
    ? new ProtocolError('invalid_request_uri', 'request_uri_used', { description: 'This request_uri was used before' })
    : new ProtocolError('invalid_request_object', 'request_object_used', {
        description: 'This request object was used before',
      })

/** To be used up together with what it buys. */
export const pendingOf = (once: OnceOnly): PendingUse => ({
  use:
    once.kind === 'pushed'
      ? { kind: 'pushed_request', digest: once.digest }
      : { kind: 'mark', key: once.key, until: once.until },
  refusal: () => usedBefore(once),
})

/** @throws ProtocolError for what was used before */
export const useUpOnce = (engine: Engine, once: OnceOnly | undefined): Promise<void> =>
  useUp(engine, once && pendingOf(once))
