const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i

/** For a host name as in a URL, or an address as given to `listen`. */
export const isLoopbackHost = (hostname: string): boolean => hostname === '::1' || loopback.test(hostname)

/** What is wrong with an issuer (RFC 8414 §2), completing "must be …", or undefined. */
export function issuerProblem(issuer: string): string | undefined {
  const valid = 'an https URL without query or fragment, such as https://id.example.com'
  if (!/^https?:\/\/[^\s/?#]+/.test(issuer) || !URL.canParse(issuer)) return valid
  const url = new URL(issuer)
  if (/[?#]/.test(issuer) || url.username !== '' || url.password !== '') return valid
  // Anyone on the way can read codes and tokens that travel over http.
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    return 'https: http is possible on loopback only (http://localhost:8000)'
  return undefined
}
