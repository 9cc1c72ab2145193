import { digestOf } from '../../core/crypto/digest.ts'
import type { Keyring } from '../../core/crypto/keyring.ts'
import type { Client, OAuth1Registration } from '../../core/model/client.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { FoundTokenCredential } from '../../core/ports/token-credentials.ts'
import { listFrom, type TextList, urisFrom } from '../../core/rules/text-list.ts'
import { sealedAs } from '../secret-purposes.ts'

/**
 * A client as a host keeps it. It needs a secret or a key, or it cannot sign anything. Columns may be null, and lists text:
 * JSON, or separated by blanks.
 */
export interface ClientModel {
  /** The consumer key. */
  readonly clientId: string
  /** Shown to people. Default: the consumer key. */
  readonly name?: string | null
  /** Shared secret, readable. Better keep it sealed: see `sealClientSecret`. */
  readonly secret?: string | null
  /** Shared secret, as `sealClientSecret` made it. */
  readonly sealedSecret?: string | null
  /** PEM. */
  readonly rsaPublicKey?: string | null
  /** Where resource owners may be sent, `oob` among them where the client may ask for a verifier to be typed in. */
  readonly callbacks?: TextList
  /** Used for a client that asks for `oob` and is not registered for it; one more callback. */
  readonly defaultRedirectUri?: string | null
  /** `native` clients may use loopback and private-use callbacks. Default `web`. */
  readonly applicationType?: 'web' | 'native' | null
  /** Ceiling of what it may be granted, space separated. Default: every scope there is. */
  readonly scope?: string | null
  /** Signature methods it is limited to. Default: all that the server has on. */
  readonly signatureMethods?: TextList
  /** Nothing of it is accepted any more. */
  readonly disabled?: boolean | number | null
}

/**
 * A token credential as a host keeps it: with its secret readable, or as it was handed over to be saved. Columns may be
 * null. One without a user, without a secret, or with an end that cannot be read, is accepted nowhere.
 */
export interface TokenModel {
  /** Consumer key of whom it was issued to. */
  readonly clientId: string
  /** Who allowed it. */
  readonly userId: string | number
  /** `oauth_token_secret`, readable. */
  readonly secret?: string | null
  /** `oauth_token_secret`, as `TokenCredential.sealedSecret` had it. */
  readonly sealedSecret?: string | null
  /** What it is good for. Default: nothing. */
  readonly scope?: TextList
  /** Epoch seconds. Default 0. */
  readonly issuedAt?: number | string | null
  /** Epoch seconds, as text too, which drivers make of big numbers; absent or null: it does not expire. */
  readonly expiresAt?: number | string | null
  /** Accepted no more. */
  readonly revoked?: boolean | number | null
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

/** Of columns, whatever is no text is no secret. */
const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function registrationFrom(keyring: Keyring, model: ClientModel): OAuth1Registration {
  const callbacks = urisFrom(model.callbacks)
  const always = textIn(model.defaultRedirectUri)
  const secret = textIn(model.secret)
  const sealed = textIn(model.sealedSecret) ?? (secret && keyring.seal(sealedAs.client, secret, model.clientId))
  const publicKey = textIn(model.rsaPublicKey)
  const methods = listFrom(model.signatureMethods)
  return {
    // In front: it is what a client gets that names none.
    callbacks: always === undefined ? callbacks : [always, ...callbacks],
    ...(sealed !== undefined && { sealed_secret: sealed }),
    ...(publicKey !== undefined && { public_key: publicKey }),
    ...(methods !== undefined && { signature_methods: methods }),
  }
}

export const clientFrom = (keyring: Keyring, model: ClientModel): Client => ({
  client_id: model.clientId,
  client_name: model.name || model.clientId,
  redirect_uris: [],
  grant_types: [],
  response_types: [],
  token_endpoint_auth_method: 'none',
  application_type: model.applicationType ?? 'web',
  client_id_issued_at: 0,
  ...(typeof model.scope === 'string' && { scope: model.scope }),
  ...(model.disabled && { disabled: true }),
  oauth1: registrationFrom(keyring, model),
})

/** NaN: there is an end, and nobody can tell when. */
function endOf({ expiresAt }: TokenModel): number | undefined {
  if (expiresAt === undefined || expiresAt === null) return undefined
  return ['number', 'string', 'bigint'].includes(typeof expiresAt) && expiresAt !== '' ? Number(expiresAt) : Number.NaN
}

export function credentialFrom(keyring: Keyring, token: string, model: TokenModel): FoundTokenCredential {
  const digest = digestOf(token)
  const expiresAt = endOf(model)
  const userId = String(model.userId ?? '')
  const sealed = textIn(model.sealedSecret)
  const secret = textIn(model.secret)
  const credential = {
    digest,
    // A host's token is a family of its own.
    authorizationId: digest,
    clientId: model.clientId,
    userId,
    // Never the text itself, in which a name would be found within another.
    scope: listFrom(model.scope) ?? [],
    sealedSecret: sealed ?? keyring.seal(sealedAs.token, secret ?? '', digest),
    issuedAt: Number(model.issuedAt ?? 0) || 0,
    ...(expiresAt !== undefined && { expiresAt }),
  }
  // Without a secret, anybody with the client's could sign for the token; without a user, it would be everybody's.
  const isUsable = (sealed ?? secret) !== undefined && userId !== '' && !Number.isNaN(expiresAt)
  return { credential, revoked: Boolean(model.revoked) || !isUsable }
}
