import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type AssertionFiles, speaksMutualTls } from '../config/assertion-schema.ts'
import { pathProblems } from '../config/endpoint-schema.ts'
import { reasonOf } from '../config/environment.ts'
import { isLoopbackHost } from '../config/issuer.ts'
import { speaksOAuth1 } from '../config/oauth1-schema.ts'
import type { Config } from '../config/schema.ts'
import { declaredDemonstration } from './demonstration-credentials.ts'
import { trustedProxies } from './trusted-proxies.ts'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
  /** Clients are asked for a certificate, and come in without one; which counts is for the engine to say. */
  readonly requestCert?: boolean
}

/** Clients prove themselves by certificates, or have tokens bound to them; what cannot do without, by name. */
const needingCertificates = ({ certificateBoundTokens = false, mutualTls, senderConstraint }: Config): string[] => [
  ...(speaksMutualTls(mutualTls) ? ['mutualTls'] : []),
  ...(certificateBoundTokens === false ? [] : ['certificateBoundTokens']),
  ...(senderConstraint === 'certificate' ? ['senderConstraint'] : []),
]

const takesCertificates = (config: Config): boolean =>
  needingCertificates(config).length > 0 || config.senderConstraint === 'either'

function pem(cwd: string, file: string, key: string, read: (text: string) => unknown, problems: string[]): string {
  try {
    const text = readFileSync(resolve(cwd, file), 'utf8')
    read(text)
    return text
  } catch (error) {
    const reason = 'syscall' in Object(error) ? `cannot be read (${reasonOf(error)})` : 'is not a PEM file of that kind'
    problems.push(`${key}: got ${JSON.stringify(file)}, which ${reason}; set it to a file that this process can read`)
    return ''
  }
}

/** The TLS files, where the server is to speak https itself. What is wrong with them is added to the problems. */
export function tlsFiles(config: Config, cwd: string, problems: string[]): TlsFiles | undefined {
  const { certFile, keyFile } = config.tls
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined || keyFile === undefined) {
    const [has, lacks] = certFile === undefined ? ['keyFile', 'certFile'] : ['certFile', 'keyFile']
    const variable = lacks === 'certFile' ? 'CARDEA_TLS_CERT_FILE' : 'CARDEA_TLS_KEY_FILE'
    problems.push(`tls.${lacks}: is not set, but tls.${has} is; set ${variable} as well`)
    return undefined
  }
  const cert = pem(cwd, certFile, 'tls.certFile', (text) => new X509Certificate(text), problems)
  const key = pem(cwd, keyFile, 'tls.keyFile', (text) => createPrivateKey(text), problems)
  if (cert !== '' && key !== '' && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    problems.push(`tls.keyFile: is not the key of the certificate in tls.certFile`)
  }
  return { cert, key, ...(takesCertificates(config) && { requestCert: true }) }
}

/** Certificates of authorities, where the configuration names some. What is wrong with them is added to the problems. */
function authorityFiles({ mutualTls, outgoing }: Config, cwd: string, problems: string[]): AssertionFiles {
  const read = (file: string | undefined, key: string): string | undefined =>
    file === undefined ? undefined : pem(cwd, file, key, (text) => new X509Certificate(text), problems)
  return {
    clientAuthorities: read(mutualTls.authoritiesFile, 'mutualTls.authoritiesFile'),
    outgoingCa: read(outgoing.caFile, 'outgoing.caFile'),
  }
}

/** RFC 9110 §5.1. */
const fieldName = /^[!#$%&'*+.^`|~\w-]+$/

/** Nobody would hand a certificate over: neither our own TLS nor a proxy. */
function certificateProblems(config: Config): string[] {
  const { mutualTls, tls, trustedProxies: proxies = [] } = config
  const { proxyFormat, proxyHeader } = mutualTls
  if (proxyFormat !== undefined && proxyHeader === undefined)
    return ['mutualTls.proxyFormat: is set without mutualTls.proxyHeader']
  if (proxyHeader !== undefined && !fieldName.test(proxyHeader))
    return [
      `mutualTls.proxyHeader: got ${JSON.stringify(proxyHeader)}; must be the name of a header such as Client-Cert`,
    ]
  if (proxyHeader !== undefined && proxies.length === 0)
    return [
      'mutualTls.proxyHeader: is believed from trustedProxies only, and there are none; set CARDEA_TRUSTED_PROXIES',
    ]
  const [needing] = needingCertificates(config)
  if (needing === undefined || proxyHeader !== undefined || tls.certFile !== undefined) return []
  return [
    `${needing}: no certificate of a client would arrive; set CARDEA_TLS_CERT_FILE and CARDEA_TLS_KEY_FILE, or CARDEA_MUTUAL_TLS_PROXY_HEADER with CARDEA_TRUSTED_PROXIES`,
  ]
}

function issuerProblems(config: Config): string[] {
  const { issuer, tls, trustedProxies: proxies } = config
  if (issuer === undefined) {
    return [
      'issuer: is not set; set CARDEA_ISSUER to the address under which this server is reached, such as https://id.example.com',
    ]
  }
  const hasTls = tls.certFile !== undefined || tls.keyFile !== undefined
  if (issuer.startsWith('http:')) {
    return hasTls
      ? [`issuer: got ${JSON.stringify(issuer)}, but tls is set; set CARDEA_ISSUER to an https address`]
      : []
  }
  if (hasTls || (proxies !== undefined && proxies.length > 0)) return []
  return [
    `issuer: ${issuer} needs TLS; set CARDEA_TLS_CERT_FILE and CARDEA_TLS_KEY_FILE, or CARDEA_TRUSTED_PROXIES to the address of the proxy that speaks https for this server`,
  ]
}

function proxyProblems({ trustedProxies: list }: Config): string[] {
  return (list ?? []).flatMap((entry) => {
    try {
      trustedProxies([entry])
      return []
    } catch {
      return [
        `trustedProxies: got ${JSON.stringify(entry)}; must be an address, a range such as 10.0.0.0/8, or 'loopback'`,
      ]
    }
  })
}

/** Secrets and answers of OAuth 1 could be read by anybody on the way. */
function transportProblems({ issuer, host, oauth1 }: Config): string[] {
  if (oauth1.allowInsecureTransport !== true || !speaksOAuth1(oauth1)) return []
  const isLocal = issuer === undefined || isLoopbackHost(new URL(issuer).hostname)
  if (isLocal && isLoopbackHost(host)) return []
  return [
    'oauth1.allowInsecureTransport: got true, which is for development on loopback only; remove it, or use an issuer and a host of this machine, such as http://localhost:8000 and 127.0.0.1',
  ]
}

export interface ProductionProblems {
  readonly problems: string[]
  readonly tls: TlsFiles | undefined
  readonly files: AssertionFiles
}

/** Why `serve` does not start, each with what to set; and the TLS files on the way. Empty: it may start. */
export function productionProblems(config: Config, cwd: string): ProductionProblems {
  const problems = issuerProblems(config)
  if (config.secrets === undefined || config.secrets.length === 0) {
    problems.push(
      'secrets: are not set; set CARDEA_SECRETS to a secret of at least 32 characters, for example from `openssl rand -base64 48`, and keep it: it protects open forms, the successors of refresh tokens and the sealed secrets of OAuth 1. To rotate, put a new one in front; tokens and sign-ins live on',
    )
  }
  problems.push(
    ...pathProblems(config),
    ...proxyProblems(config),
    ...certificateProblems(config),
    ...transportProblems(config),
    ...declaredDemonstration(config),
  )
  const tls = tlsFiles(config, cwd, problems)
  return { problems, tls, files: authorityFiles(config, cwd, problems) }
}
