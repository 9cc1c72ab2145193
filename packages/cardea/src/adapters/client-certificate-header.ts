/**
 * How a proxy writes the certificate of the client into a header:
 * - `rfc9440`: base64 between colons (`Client-Cert`, RFC 9440 §2.2)
 * - `pem`: PEM, percent-encoded or not (nginx `$ssl_client_escaped_cert`, Amazon's header), also without its first and last
 *   line (Traefik)
 * - `xfcc`: the `Cert` of `X-Forwarded-Client-Cert` (Envoy)
 */
export type CertificateHeaderFormat = 'rfc9440' | 'pem' | 'xfcc'

/** The header in which trusted proxies hand over the certificate of the client. They must remove it from what clients send. */
export interface CertificateHeader {
  /** Such as `Client-Cert`. */
  readonly name: string
  /** How it is written there. */
  readonly format: CertificateHeaderFormat
}

const base64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const bytesFrom = (text: string | undefined): Uint8Array | undefined =>
  text !== undefined && base64.test(text) ? Buffer.from(text, 'base64') : undefined

function fromPem(escaped: string): Uint8Array | undefined {
  try {
    const pem = decodeURIComponent(escaped)
    const body = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(pem)?.[1]
    return bytesFrom((body ?? pem).replaceAll(/\s/g, ''))
  } catch {
    return undefined
  }
}

/** One hop only: of several, it is not known which stands for the client. */
const fromXfcc = (value: string): Uint8Array | undefined => {
  const pairs = value.match(/[A-Za-z]+=(?:"(?:[^"\\]|\\.)*"|[^;,"]*)(?=[;,]|$)/g) ?? []
  if (pairs.join(';') !== value) return undefined
  const certificates = pairs.filter((pair) => /^cert=/i.test(pair))
  const [only] = certificates
  return only === undefined || certificates.length > 1 ? undefined : fromPem(only.slice(5).replaceAll('"', ''))
}

const readers: Readonly<Record<CertificateHeaderFormat, (value: string) => Uint8Array | undefined>> = {
  rfc9440: (value) => bytesFrom(/^:([^:]+):$/.exec(value.trim())?.[1]),
  pem: fromPem,
  xfcc: fromXfcc,
}

/**
 * What stands in the header, to be read as a certificate by whoever asks for it; undefined for what is not of this format, a
 * header that stands there twice among it.
 */
export const certificateFromHeader = (value: string, format: CertificateHeaderFormat): Uint8Array | undefined =>
  readers[format](value)
