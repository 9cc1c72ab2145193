import type { Client } from '../model/client.ts'
import type { AuthorizationCode } from '../model/code.ts'
import { invalidGrant } from '../spec/errors.ts'

/** RFC 6749 §4.1.3: issued to this very client. The wrong client's try must neither work nor destroy the code. */
export function codeMustBelongTo(client: Client, code: AuthorizationCode): void {
  if (code.clientId !== client.client_id) throw invalidGrant('code_of_another_client', 'Authorization code not found')
}

/** RFC 6749 §4.1.2. */
export function codeMustBeFresh(code: AuthorizationCode, now: number): void {
  if (now >= code.expiresAt) throw invalidGrant('code_expired', 'Authorization code has expired')
}

/** RFC 6749 §4.1.3: a redirect_uri that was sent must be repeated, identical. */
export function redirectUriMustRepeat(code: AuthorizationCode, presented: string | undefined, optional: boolean): void {
  if (presented === undefined) {
    if (!code.redirectUriSent || optional) return
    throw invalidGrant('missing_redirect_uri', 'Repeat the redirect_uri of the authorization request')
  }
  if (presented !== code.redirectUri) {
    throw invalidGrant('redirect_uri_mismatch', 'The redirect_uri differs from that of the authorization request')
  }
}
