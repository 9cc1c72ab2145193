import { type KeyObject, X509Certificate } from 'node:crypto'
import { type DistinguishedName, nameFromLines } from './distinguished-name.ts'

export type X509 = X509Certificate

/** A certificate that could be read. What it says is only as true as whoever issued it. */
export interface ReadCertificate {
  readonly x509: X509Certificate
  readonly publicKey: KeyObject
}

/** Undefined for what is no certificate, or holds a key of a kind that we do not know. */
export function readCertificate(der: Uint8Array): ReadCertificate | undefined {
  try {
    const x509 = new X509Certificate(der)
    // Bytes that stand after it would be part of the thumbprint, and of nothing that the issuer signed.
    return x509.raw.equals(der) ? { x509, publicKey: x509.publicKey } : undefined
  } catch {
    return undefined
  }
}

/** The first certificate in a PEM. @throws Error for what holds none */
export const certificateFromPem = (pem: string): X509Certificate => new X509Certificate(pem)

/** @throws TypeError for what is no PEM of certificates of authorities */
export function authoritiesFrom(pem: string | readonly string[]): readonly X509Certificate[] {
  const blocks = [pem]
    .flat()
    .flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
  if (blocks.length === 0) throw new TypeError('certificateAuthorities: needs at least one certificate in PEM')
  return blocks.map((block) => {
    let x509: X509Certificate
    try {
      x509 = new X509Certificate(block)
    } catch (cause) {
      throw new TypeError('certificateAuthorities: holds something that is no certificate', { cause })
    }
    if (!x509.ca) throw new TypeError(`certificateAuthorities: ${x509.subject.replaceAll('\n', ', ')} is no authority`)
    return x509
  })
}

const isCurrent = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  validFromDate.getTime() <= now * 1000 && now * 1000 <= validToDate.getTime()

const leastModulus = 2048

/** RFC 5280 §4.2.1.12: for TLS clients, or for anything. */
const clientUsages = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']

/** Node's types say the member is always there: it is undefined where the certificate does not limit its use. */
const isForClients = ({ keyUsage }: X509Certificate): boolean =>
  (keyUsage as string[] | undefined)?.some((usage) => clientUsages.includes(usage)) ?? true

/** As short as nobody may register a key (RFC 8725 §3.5): it could be had from the certificate alone. */
const isStrong = ({ publicKey }: X509Certificate): boolean =>
  (publicKey.asymmetricKeyDetails?.modulusLength ?? leastModulus) >= leastModulus

/**
 * Whether one of these authorities has issued it, itself and not through another, to be shown by TLS clients, and both
 * are valid now. Chains are not followed: an intermediate authority counts only where it is listed, so that nothing that
 * a client sends extends what is trusted.
 * @param now epoch seconds
 */
export function isIssuedByOneOf(authorities: readonly X509Certificate[], x509: X509Certificate, now: number): boolean {
  if (x509.ca || !isCurrent(x509, now) || !isForClients(x509) || !isStrong(x509)) return false
  return authorities.some(
    (authority) => isCurrent(authority, now) && x509.checkIssued(authority) && x509.verify(authority.publicKey),
  )
}

/** The subject; undefined for one that cannot be compared. */
export const subjectOf = ({ subject }: X509Certificate): DistinguishedName | undefined =>
  // Without any subject it is undefined, whatever the types say.
  typeof subject === 'string' ? nameFromLines(subject) : undefined

/** What a subject alternative name can be (RFC 8705 §2.1.2). */
export type AlternativeKind = 'dns' | 'uri' | 'ip' | 'email'

const kinds: Readonly<Record<string, AlternativeKind>> = { DNS: 'dns', URI: 'uri', 'IP Address': 'ip', email: 'email' }

/** In quotes where a value has characters by which it could look like several (CVE-2021-44532). */
const entry = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)/y

/** Every subject alternative name that we can compare. */
export function alternativeNames({ subjectAltName: text = '' }: X509Certificate): [AlternativeKind, string][] {
  const names: [AlternativeKind, string][] = []
  entry.lastIndex = 0
  let at = 0
  while (at < text.length) {
    entry.lastIndex = at
    const [whole, label = '', value = ''] = entry.exec(text) ?? []
    if (whole === undefined) return []
    const kind = kinds[label]
    if (kind !== undefined) names.push([kind, value.startsWith('"') ? (JSON.parse(value) as string) : value])
    at += whole.length
  }
  return names
}

/** One spelling for each address. */
const address = (text: string): string =>
  text.includes(':') ? (URL.parse(`http://[${text}]`)?.hostname ?? text) : text

const spelled: Readonly<Record<AlternativeKind, (text: string) => string>> = {
  dns: (text) => text.toLowerCase(),
  ip: address,
  uri: (text) => text,
  email: (text) => text,
}

/** Compared whole: a wildcard is a name like any other here, and stands for nothing else. */
export const hasAlternativeName = (x509: X509Certificate, kind: AlternativeKind, wanted: string): boolean =>
  alternativeNames(x509).some(([found, name]) => found === kind && spelled[kind](name) === spelled[kind](wanted))
