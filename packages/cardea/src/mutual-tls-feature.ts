import { authoritiesFrom } from './core/crypto/x509/certificate.ts'
import { mutualTlsOrigin } from './endpoint-addresses.ts'
import type { MakeExtension, ServerMetadata } from './extension.ts'
import { clientKeys } from './oauth2/client-auth/client-keys.ts'
import { selfSignedTlsClientAuth, tlsClientAuth } from './oauth2/client-auth/mutual-tls.ts'

/** Browsers go there, and would ask people which certificate to show. */
const forBrowsers = ['authorization_endpoint', 'end_session_endpoint']

/** RFC 8705 §5: every endpoint that clients call by themselves, at the other origin. */
function aliases(origin: string, metadata: ServerMetadata): ServerMetadata {
  const entries = Object.entries(metadata).filter(
    ([name, value]) => name.endsWith('_endpoint') && typeof value === 'string' && !forBrowsers.includes(name),
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, origin + new URL(String(value)).pathname]))
}

/** RFC 8705 §2. Off unless configured: certificates need a server or a proxy that asks for them. */
export const mutualTlsFeature: MakeExtension = ({ keysAt, options: { mutualTls = false } }) => {
  if (mutualTls === false) return undefined
  const { certificateAuthorities: pem, selfSigned = true } = mutualTls === true ? {} : mutualTls
  const origin = mutualTlsOrigin({ mutualTls })
  return {
    clientAuthMethods: [
      ...(pem === undefined ? [] : [tlsClientAuth(authoritiesFrom(pem))]),
      ...(selfSigned ? [selfSignedTlsClientAuth(clientKeys(keysAt))] : []),
    ],
    metadata: (metadata) => (origin === undefined ? {} : { mtls_endpoint_aliases: aliases(origin, metadata) }),
  }
}
