import type { Authorization, Consent } from '../../core/model/authorization.ts'
import type { Client } from '../../core/model/client.ts'
import type { AuthorizationCode } from '../../core/model/code.ts'
import type { DeviceRequest } from '../../core/model/device-request.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { InitialAccessToken } from '../../core/model/initial-access-token.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { PushedRequest } from '../../core/model/pushed-request.ts'
import type { Resource } from '../../core/model/resource.ts'
import type { Scope } from '../../core/model/scope.ts'
import type { Session } from '../../core/model/session.ts'
import type { SigningKey } from '../../core/model/signing-key.ts'
import type { TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { AccessToken, RefreshToken } from '../../core/model/token.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { StoredUser } from '../../core/model/user.ts'

/** An authorization with the digests of what hangs below it, so that ending a family never searches all tokens. */
export interface Family {
  authorization: Authorization
  readonly accessTokens: Set<string>
  readonly refreshTokens: Set<string>
  readonly tokenCredentials: Set<string>
}

/** Every verb reads and changes these without an `await` in between: that is what makes it atomic. */
export interface Tables {
  readonly clients: Map<string, Client>
  readonly users: Map<string, StoredUser>
  /** Canonical username to user id. */
  readonly usernames: Map<string, string>
  readonly scopes: Map<string, Scope>
  readonly families: Map<string, Family>
  readonly consents: Map<string, Consent>
  readonly codes: Map<string, AuthorizationCode>
  readonly accessTokens: Map<string, AccessToken>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly interactions: Map<string, Interaction>
  readonly sessions: Map<string, Session>
  readonly attempts: Map<string, { count: number; endsAt: number }>
  readonly temporaryCredentials: Map<string, TemporaryCredential>
  readonly tokenCredentials: Map<string, TokenCredential>
  readonly deviceRequests: Map<string, DeviceRequest>
  /** Digest of the user code to that of the device code. */
  readonly userCodes: Map<string, TokenDigest>
  readonly pushedRequests: Map<string, PushedRequest>
  readonly signingKeys: Map<string, SigningKey>
  readonly resources: Map<string, Resource>
  readonly initialAccessTokens: Map<string, InitialAccessToken>
  /** Until when each mark is remembered, in epoch seconds. */
  readonly replayMarks: Map<string, number>
  /** Digest to the second up to which the mark is remembered. */
  readonly revokedTokens: Map<string, number>
  readonly tokenGenerations: Map<string, { readonly generation: number; readonly keptUntil: number }>
}

export const emptyTables = (): Tables => ({
  clients: new Map(),
  users: new Map(),
  usernames: new Map(),
  scopes: new Map(),
  families: new Map(),
  consents: new Map(),
  codes: new Map(),
  accessTokens: new Map(),
  refreshTokens: new Map(),
  interactions: new Map(),
  sessions: new Map(),
  attempts: new Map(),
  temporaryCredentials: new Map(),
  tokenCredentials: new Map(),
  deviceRequests: new Map(),
  userCodes: new Map(),
  pushedRequests: new Map(),
  signingKeys: new Map(),
  resources: new Map(),
  initialAccessTokens: new Map(),
  replayMarks: new Map(),
  revokedTokens: new Map(),
  tokenGenerations: new Map(),
})

/** JSON keeps the two parts apart whatever characters they contain. */
export const consentKey = (userId: string, clientId: string): string => JSON.stringify([userId, clientId])
