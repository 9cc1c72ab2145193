import { digestOf } from '../../core/crypto/digest.ts'
import type { Keyring } from '../../core/crypto/keyring.ts'
import type { Client, OAuth1Registration } from '../../core/model/client.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { FoundTokenCredential } from '../../core/ports/token-credentials.ts'
import { sealedAs } from '../secret-purposes.ts'

/** A client as a host keeps it. It needs a secret or a key, or it cannot sign anything. */
export interface ClientModel {
  /** The consumer key. */
  readonly clientId: string
  /** Shown to people. Default: the consumer key. */
  readonly name?: string
  /** Shared secret, readable. Better keep it sealed: see `sealClientSecret`. */
  readonly secret?: string
  /** Shared secret, as `sealClientSecret` made it. */
  readonly sealedSecret?: string
  /** PEM. */
  readonly rsaPublicKey?: string
  /** Where resource owners may be sent, `oob` among them where the client may ask for a verifier to be typed in. */
  readonly callbacks?: readonly string[]
  /** Used for a client that asks for `oob` and is not registered for it; one more callback. */
  readonly defaultRedirectUri?: string
  /** `native` clients may use loopback and private-use callbacks. Default `web`. */
  readonly applicationType?: 'web' | 'native'
  /** Ceiling of what it may be granted, space separated. Default: every scope there is. */
  readonly scope?: string
  /** Signature methods it is limited to. Default: all that the server has on. */
  readonly signatureMethods?: readonly string[]
  /** Nothing of it is accepted any more. */
  readonly disabled?: boolean
}

/** A token credential as a host keeps it: with its secret readable, or as it was handed over to be saved. */
export interface TokenModel {
  /** Consumer key of whom it was issued to. */
  readonly clientId: string
  /** Who allowed it. */
  readonly userId: string
  /** `oauth_token_secret`, readable. */
  readonly secret?: string
  /** `oauth_token_secret`, as `TokenCredential.sealedSecret` had it. */
  readonly sealedSecret?: string
  /** What it is good for. Default: nothing. */
  readonly scope?: readonly string[]
  /** Epoch seconds. Default 0. */
  readonly issuedAt?: number
  /** Epoch seconds; absent: it does not expire. */
  readonly expiresAt?: number
  /** Accepted no more. */
  readonly revoked?: boolean
}

type Maybe<T> = T | undefined | null | Promise<T | undefined | null>

/** Where a host looks up its clients. */
export interface ClientModels {
  /** By consumer key; nothing when there is none. */
  find(consumerKey: string): Maybe<ClientModel>
}

/** What was issued: keep the credential with its sealed secret or, where other software reads them, token and secret. */
export interface IssuedToken {
  /** What is to be kept. */
  readonly credential: TokenCredential
  /** `oauth_token`. */
  readonly token: string
  /** `oauth_token_secret`. */
  readonly secret: string
}

/** Where a host keeps token credentials. */
export interface TokenModels {
  /** Keeps a new token credential. */
  save(issued: IssuedToken): unknown
  /** By `oauth_token`, or by its digest for hosts that keep no tokens readable. */
  find(token: string, digest: TokenDigest): Maybe<TokenModel>
}

function registrationFrom(keyring: Keyring, model: ClientModel): OAuth1Registration {
  const { callbacks = [], defaultRedirectUri, rsaPublicKey, secret, signatureMethods } = model
  const sealed = model.sealedSecret ?? (secret ? keyring.seal(sealedAs.client, secret, model.clientId) : undefined)
  return {
    // In front: it is what a client gets that names none.
    callbacks: defaultRedirectUri ? [defaultRedirectUri, ...callbacks] : callbacks,
    ...(sealed !== undefined && { sealed_secret: sealed }),
    ...(rsaPublicKey && { public_key: rsaPublicKey }),
    ...(signatureMethods !== undefined && { signature_methods: signatureMethods }),
  }
}

export const clientFrom = (keyring: Keyring, model: ClientModel): Client => ({
  client_id: model.clientId,
  client_name: model.name ?? model.clientId,
  redirect_uris: [],
  grant_types: [],
  response_types: [],
  token_endpoint_auth_method: 'none',
  application_type: model.applicationType ?? 'web',
  client_id_issued_at: 0,
  ...(model.scope !== undefined && { scope: model.scope }),
  ...(model.disabled !== undefined && { disabled: model.disabled }),
  oauth1: registrationFrom(keyring, model),
})

export function credentialFrom(keyring: Keyring, token: string, model: TokenModel): FoundTokenCredential {
  const digest = digestOf(token)
  const { clientId, userId, scope = [], issuedAt = 0, expiresAt } = model
  const credential = {
    digest,
    // A host's token is a family of its own.
    authorizationId: digest,
    clientId,
    userId: String(userId),
    scope,
    sealedSecret: model.sealedSecret ?? keyring.seal(sealedAs.token, model.secret ?? '', digest),
    issuedAt,
    ...(expiresAt !== undefined && { expiresAt }),
  }
  // Without a secret, anybody with the client's could sign for the token.
  return { credential, revoked: model.revoked === true || !(model.sealedSecret ?? model.secret) }
}
