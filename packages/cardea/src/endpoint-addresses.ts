import type { ProviderOptions } from './options.ts'

/** @throws TypeError that names the option, what it got and what is valid */
export function mutualTlsOrigin({ mutualTls = false }: Pick<ProviderOptions, 'mutualTls'>): string | undefined {
  const endpointOrigin = typeof mutualTls === 'object' ? mutualTls.endpointOrigin : undefined
  if (endpointOrigin === undefined) return undefined
  const url = typeof endpointOrigin === 'string' ? URL.parse(endpointOrigin) : null
  if (url === null || url.protocol !== 'https:' || url.origin !== endpointOrigin.replace(/\/$/, ''))
    throw new TypeError(
      `mutualTls.endpointOrigin: must be an https origin such as https://mtls.id.example.com, got ${JSON.stringify(endpointOrigin)}`,
    )
  return url.origin
}

/**
 * Every address of an endpoint that clients may have called: at the issuer, and where those with certificates go
 * (RFC 8705 §5), by configuration and never by the Host header.
 */
export function addressesOf(
  options: Pick<ProviderOptions, 'issuer' | 'mutualTls'>,
  paths: readonly string[],
): readonly string[] {
  const other = mutualTlsOrigin(options)
  const origins = [new URL(options.issuer).origin, ...(other === undefined ? [] : [other])]
  return origins.flatMap((origin) => paths.map((path) => origin + path))
}
