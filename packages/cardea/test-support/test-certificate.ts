import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** What a certificate for a test says. */
export interface TestCertificateOptions {
  /** Relative distinguished names in the order of the certificate, each with one or more attributes: `[{ O: 'Acme' }, { CN: 'a' }]`. */
  readonly subject?: readonly Readonly<Record<string, string>>[]
  /** Who issues it. Default: itself. */
  readonly issuer?: TestCertificate
  /** May issue others. Default false. */
  readonly ca?: boolean
  readonly san?: Readonly<Partial<Record<'dns' | 'uri' | 'ip' | 'email', readonly string[]>>>
  /** Extended key usage, as OIDs. Default: none. */
  readonly usages?: readonly string[]
  /** Epoch seconds. Default: 2020. */
  readonly notBefore?: number
  /** Epoch seconds. Default: 2100. */
  readonly notAfter?: number
  /** Default: a new one, P-256. */
  readonly privateKey?: KeyObject
}

/** A certificate with its key. */
export interface TestCertificate {
  readonly der: Buffer
  readonly pem: string
  readonly privateKey: KeyObject
  readonly privateKeyPem: string
  readonly name: Buffer
}

const oids: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value))

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...others].flatMap((number) => {
    const groups = [number & 127]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 127) | 128)
    return groups
  })
  return der(6, Buffer.from(bytes))
}

const nameFrom = (subject: NonNullable<TestCertificateOptions['subject']>): Buffer =>
  sequence(
    ...subject.map((attributes) =>
      der(
        0x31,
        ...Object.entries(attributes).map(([name, value]) => sequence(oid(oids[name] ?? name), text(0x0c, value))),
      ),
    ),
  )

const time = (seconds: number): Buffer =>
  text(0x18, `${new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`)

/** An IPv6 address is written out in full in tests: no `::`. */
const ipBytes = (address: string): Buffer =>
  isIP(address) === 4
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        address.replaceAll(/[^:]+:?/g, (group) => group.replace(':', '').padStart(4, '0')),
        'hex',
      )

function extensionsFrom({ ca = false, san, usages = [] }: TestCertificateOptions): Buffer {
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    sequence(oid(id), ...(critical ? [der(1, Buffer.from([255]))] : []), der(4, value))
  const names = [
    ...(san?.email ?? []).map((one) => text(0x81, one)),
    ...(san?.dns ?? []).map((one) => text(0x82, one)),
    ...(san?.uri ?? []).map((one) => text(0x86, one)),
    ...(san?.ip ?? []).map((one) => der(0x87, ipBytes(one))),
  ]
  return der(
    0xa3,
    sequence(
      extension('2.5.29.19', sequence(...(ca ? [der(1, Buffer.from([255]))] : [])), true),
      ...(names.length > 0 ? [extension('2.5.29.17', sequence(...names))] : []),
      ...(usages.length > 0 ? [extension('2.5.29.37', sequence(...usages.map(oid)))] : []),
    ),
  )
}

const ecdsa = '1.2.840.10045.4.3.2'
const signatures: Readonly<Record<string, string>> = { rsa: '1.2.840.113549.1.1.11', ed25519: '1.3.101.112' }

/** A certificate made on the spot, signed with ECDSA or RSA and SHA-256, or with Ed25519. */
export function testCertificate(options: TestCertificateOptions = {}): TestCertificate {
  const { issuer, notBefore = Date.UTC(2020) / 1000, notAfter = Date.UTC(2100) / 1000 } = options
  const privateKey = options.privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const name = nameFrom(options.subject ?? [{ CN: 'test' }])
  const signer = issuer?.privateKey ?? privateKey
  const { asymmetricKeyType: kind = 'ec' } = signer
  const algorithm = sequence(oid(signatures[kind] ?? ecdsa), ...(kind === 'rsa' ? [der(5)] : []))
  const serial = randomBytes(8)
  serial[0] = 1
  const body = sequence(
    der(0xa0, der(2, Buffer.from([2]))),
    der(2, serial),
    algorithm,
    issuer?.name ?? name,
    sequence(time(notBefore), time(notAfter)),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    extensionsFrom(options),
  )
  const bytes = sequence(
    body,
    algorithm,
    der(3, Buffer.from([0]), sign(kind === 'ed25519' ? null : 'sha256', body, signer)),
  )
  const lines = bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    der: bytes,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
  }
}
