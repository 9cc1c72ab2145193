const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

export const isLoopbackHost = (hostname: string): boolean => loopback.has(hostname.toLowerCase())

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
