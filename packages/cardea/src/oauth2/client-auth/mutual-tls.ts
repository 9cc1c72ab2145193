import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import {
  type AlternativeKind,
  hasAlternativeName,
  isIssuedByOneOf,
  type ReadCertificate,
  readCertificate,
  subjectOf,
  type X509,
} from '../../core/crypto/x509/certificate.ts'
import { isSameName, nameFrom } from '../../core/crypto/x509/distinguished-name.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import type { ClientKeys } from './client-keys.ts'
import type { ClientAuthMethod, ClientRefusal } from './method.ts'
import { none } from './none.ts'

/** Undefined: it is this client's certificate; otherwise why not. */
type Judge = (
  engine: Engine,
  client: Client,
  certificate: ReadCertificate,
) => string | undefined | Promise<string | undefined>

const refused = (reason: string): ClientRefusal => ({ refused: reason })

/** The client names itself, and the connection proves it (RFC 8705 §2). */
function byCertificate(name: string, judge: Judge): ClientAuthMethod {
  return {
    name,
    namesOnly: true,
    present: none.present,
    async verify(engine, client, _presented, _beforeGuess, request) {
      if (client === undefined || client.disabled) return false
      if (client.token_endpoint_auth_method !== name) return refused('client_auth_method_not_registered')
      const shown = request.clientCertificate
      if (shown === undefined) return refused('no_client_certificate')
      const read = readCertificate(shown)
      if (read === undefined) return refused('unreadable_client_certificate')
      const problem = await judge(engine, client, read)
      return problem === undefined ? true : refused(problem)
    },
  }
}

const alternatives = {
  tls_client_auth_san_dns: 'dns',
  tls_client_auth_san_uri: 'uri',
  tls_client_auth_san_ip: 'ip',
  tls_client_auth_san_email: 'email',
} as const satisfies Record<string, AlternativeKind>

/** RFC 8705 §2.1.2: whether it names the client, by the one thing that is registered. */
function namesClient(x509: X509, client: Client): boolean {
  const { tls_client_auth_subject_dn: subject } = client
  const registered = Object.entries(alternatives).flatMap(([member, kind]) => {
    const wanted = client[member as keyof typeof alternatives]
    return wanted === undefined ? [] : [{ kind, wanted }]
  })
  if (registered.length + (subject === undefined ? 0 : 1) !== 1) return false
  const [alternative] = registered
  if (alternative !== undefined) return hasAlternativeName(x509, alternative.kind, alternative.wanted)
  const [wanted, shown] = [nameFrom(subject ?? ''), subjectOf(x509)]
  return wanted !== undefined && shown !== undefined && isSameName(wanted, shown)
}

/** RFC 8705 §2.1: a certificate of an authority, with a name that is registered for the client. */
export const tlsClientAuth = (authorities: readonly X509[]): ClientAuthMethod =>
  byCertificate('tls_client_auth', ({ clock }, client, { x509 }) => {
    if (!isIssuedByOneOf(authorities, x509, clock.now())) return 'client_certificate_not_trusted'
    return namesClient(x509, client) ? undefined : 'client_certificate_of_another_subject'
  })

/**
 * RFC 8705 §2.2: a certificate for a key that is registered for the client. Who issued it does not matter: in the
 * handshake the client has proved that it holds the key.
 */
export const selfSignedTlsClientAuth = (keysOf: ClientKeys): ClientAuthMethod =>
  byCertificate('self_signed_tls_client_auth', async (engine, client, { publicKey }) => {
    try {
      const same = (await keysOf(client)?.candidates({ is: publicKey })) ?? []
      return same.length > 0 ? undefined : 'client_certificate_of_another_key'
    } catch (error) {
      if (error instanceof JwtRefused) return 'client_has_no_key'
      if (!(error instanceof OutgoingFailed)) throw error
      await engine.emit({ type: 'remote_unavailable', endpoint: 'client-authentication', error })
      return 'client_keys_unavailable'
    }
  })
