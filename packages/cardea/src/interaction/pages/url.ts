const executable: ReadonlySet<string> = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'filesystem:'])

/**
 * The address to link to, or `undefined` when a link would be unsafe. A client chooses these addresses itself, so
 * only http and https are linked (`javascript:` would run on the authorization server's origin), and none with
 * user information (`https://bank.example@evil.example` reads like the bank).
 */
export function externalHref(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  if (url.username !== '' || url.password !== '') return undefined
  return url.href
}

/**
 * The target of a form. A redirect URI may have the private scheme of a native app, so schemes are refused by
 * name: the ones that would run as script on this origin become `about:invalid`.
 */
export function formTarget(address: string): string {
  if (URL.canParse(address) && executable.has(new URL(address).protocol)) return 'about:invalid'
  return address
}
