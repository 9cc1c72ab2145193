import { type ErrorRedirect, ProtocolError } from '../../core/spec/errors.ts'
import type { Addressee } from './respond.ts'

/** A refusal that happened after client and redirect URI were proven, and which the client is therefore told of. */
export class RedirectedError extends ProtocolError {
  readonly #to: Addressee

  constructor(refusal: ProtocolError, to: Addressee) {
    super(refusal.code, refusal.reason, {
      status: refusal.status,
      cause: refusal,
      ...(refusal.description !== undefined && { description: refusal.description }),
    })
    this.#to = to
  }

  override get redirect(): ErrorRedirect & Addressee {
    return this.#to
  }
}
