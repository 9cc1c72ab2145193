import { invalidClient } from '../../core/spec/errors.ts'
import type { SecretCheck } from './client-secret.ts'
import type { ClientAuthMethod, PresentedClient } from './method.ts'

const basicHeader = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i

/**
 * RFC 6749 §2.3.1: id and secret are form-encoded before they are put into Basic. A client that skipped the encoding
 * and whose secret cannot be decoded means it literally.
 */
function formDecoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** RFC 7617 §2; undefined for another scheme. */
export function basicCredentials(authorization: string | undefined): PresentedClient | undefined {
  if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) return undefined
  const encoded = basicHeader.exec(authorization)?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw invalidClient('malformed_basic', 'The Basic credentials cannot be read')
  return { clientId: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) }
}

export const clientSecretBasic = (check: SecretCheck): ClientAuthMethod => ({
  name: 'client_secret_basic',
  present: (request) => basicCredentials(request.header('authorization')),
  ...check,
})
