import type { DatabaseSync } from 'node:sqlite'
import { type ClientModel, type HostTokens, scryptHasher, type TokenRow } from 'cardea'

// from django.contrib.auth.models import User
export interface User {
  readonly id: number
  readonly username: string
  readonly name: string
}

interface ClientColumns {
  readonly client_id: string
  readonly client_secret: string
  readonly client_name: string
  readonly redirect_uris: string
  readonly default_redirect_uri: string
  readonly scope: string
  readonly response_type: string
  readonly grant_type: string
  readonly token_endpoint_auth_method: string
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean)

// class OAuth2Client(Model, ClientMixin):
export class OAuth2Client implements ClientModel {
  readonly client_id: string
  readonly client_name: string
  readonly scope: string
  readonly redirect_uris: readonly string[]
  readonly #row: ClientColumns

  constructor(row: ClientColumns) {
    this.client_id = row.client_id
    this.client_name = row.client_name
    this.scope = row.scope
    // Named here, they are compared whole: `redirect_uri in self.redirect_uris` of a text finds parts of one.
    this.redirect_uris = words(row.redirect_uris)
    this.#row = row
  }

  // def get_client_id(self):
  getClientId(): string {
    return this.#row.client_id
  }

  // def get_default_redirect_uri(self):
  getDefaultRedirectUri(): string {
    return this.#row.default_redirect_uri
  }

  // def get_allowed_scope(self, scope):
  getAllowedScope(scope: string): string {
    const allowed = new Set(words(this.scope))
    return words(scope)
      .filter((name) => allowed.has(name))
      .join(' ')
  }

  // def check_redirect_uri(self, redirect_uri):
  checkRedirectUri(redirectUri: string): boolean {
    return redirectUri === this.#row.default_redirect_uri || this.redirect_uris.includes(redirectUri)
  }

  // def check_client_secret(self, client_secret):
  checkClientSecret(clientSecret: string): Promise<boolean> {
    return scryptHasher.verify(this.#row.client_secret, clientSecret)
  }

  // def check_endpoint_auth_method(self, method, endpoint):
  checkEndpointAuthMethod(method: string, endpoint: string): boolean {
    return endpoint !== 'token' || this.#row.token_endpoint_auth_method === method
  }

  // def check_response_type(self, response_type):
  checkResponseType(responseType: string): boolean {
    return words(this.#row.response_type).includes(responseType)
  }

  // def check_grant_type(self, grant_type):
  checkGrantType(grantType: string): boolean {
    return words(this.#row.grant_type).includes(grantType)
  }
}

/** Users, with the names of their columns. */
export function users(database: DatabaseSync) {
  const byId = database.prepare('SELECT id, username, name FROM user WHERE id = ?')
  return { find: (userId: string) => byId.get(userId) as User | undefined }
}

/** Clients, with their methods. */
export function clients(database: DatabaseSync) {
  const byId = database.prepare('SELECT * FROM oauth2_client WHERE client_id = ?')
  return {
    find(clientId: string): OAuth2Client | undefined {
      const row = byId.get(clientId) as unknown as ClientColumns | undefined
      return row && new OAuth2Client(row)
    },
  }
}

const columns = [
  'user_id',
  'client_id',
  'token_type',
  'access_token',
  'refresh_token',
  'scope',
  'issued_at',
  'expires_in',
  'refresh_token_expires_at',
  'authorization_id',
  'facts',
] as const satisfies readonly (keyof TokenRow)[]

// class OAuth2Token(Model, TokenMixin):
export function tokens(database: DatabaseSync): HostTokens {
  const byAccessToken = database.prepare('SELECT * FROM oauth2_token WHERE access_token = ?')
  const byRefreshToken = database.prepare('SELECT * FROM oauth2_token WHERE refresh_token = ?')
  const insertion = database.prepare(
    `INSERT INTO oauth2_token (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  const insert = (row: TokenRow) => void insertion.run(...columns.map((name) => row[name]))
  const replace = database.prepare(
    `UPDATE oauth2_token SET refresh_token_spent_at = ?, successor = ?
     WHERE refresh_token = ? AND refresh_token_spent_at IS NULL AND revoked = 0`,
  )
  const endEarlier = database.prepare(
    `UPDATE oauth2_token SET access_token_revoked_at = ? WHERE access_token_revoked_at IS NULL AND authorization_id =
       (SELECT authorization_id FROM oauth2_token WHERE refresh_token = ?)`,
  )
  const revokeAccess = database.prepare(
    'UPDATE oauth2_token SET access_token_revoked_at = ? WHERE access_token = ? AND access_token_revoked_at IS NULL',
  )
  const revokeRows = database.prepare(
    `UPDATE oauth2_token SET revoked = 1
     WHERE ifnull(authorization_id = :authorization, :authorization IS NULL)
       AND ifnull(client_id = :client, :client IS NULL) AND ifnull(user_id = :user, :user IS NULL)`,
  )
  const deleteOld = database.prepare(
    `DELETE FROM oauth2_token WHERE id IN (SELECT id FROM oauth2_token
     WHERE issued_at + expires_in < :at AND ifnull(refresh_token_expires_at, 0) < :at LIMIT :limit)`,
  )
  return {
    findByAccessToken: (digest) => byAccessToken.get(digest) as TokenRow | undefined,
    findByRefreshToken: (digest) => byRefreshToken.get(digest) as TokenRow | undefined,
    insert,
    rotate({ refresh_token, successor, at, end_access_tokens }, row) {
      database.exec('BEGIN IMMEDIATE')
      try {
        const isOurs = replace.run(at, successor, refresh_token).changes === 1
        if (isOurs && end_access_tokens) endEarlier.run(at, refresh_token)
        if (isOurs) insert(row)
        database.exec('COMMIT')
        return isOurs
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    revokeAccessToken: (digest, at) => revokeAccess.run(at, digest).changes === 1,
    revoke({ authorization_id, client_id, user_id }) {
      revokeRows.run({ authorization: authorization_id ?? null, client: client_id ?? null, user: user_id ?? null })
    },
    sweep: (at, limit) => Number(deleteOld.run({ at, limit }).changes),
  }
}
