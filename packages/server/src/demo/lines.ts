import { demonstration } from '../serve/demonstration-credentials.ts'
import { callbackFor, deviceClientId, publicClientId } from './seed.ts'

/** Something to try: a URL for the browser or a line for the shell. */
export interface DemoLine {
  readonly title: string
  /** What to know before. */
  readonly note?: string
  readonly kind: 'open' | 'run'
  readonly text: string
}

/** The example of RFC 7636 Appendix B. Fit for a demonstration only: a verifier must be random and secret. */
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

const { clientId, clientSecret, username, password } = demonstration
const credentials = `-u ${clientId}:${clientSecret}`

/** Takes a member out of a JSON answer with what every shell has. */
const pick = (command: string, member: string): string => `$(${command} | sed 's/.*"${member}":"\\([^"]*\\)".*/\\1/')`

/** Asks for the code, so that the line can be pasted as it is. */
const withCode = (command: string): string => `printf 'code: '; read -r code; ${command} -d "code=$code"`

const passwordData = `'grant_type=password&username=${username}&password=${password}'`

/** The line that redeems a code for the public client. */
export const redeemLine = (issuer: string, code: string): string =>
  `curl ${issuer}/token -d grant_type=authorization_code -d client_id=${publicClientId} -d redirect_uri=${callbackFor(issuer)} -d code_verifier=${verifier} -d code=${code}`

/** Asks for a code, waits until it was entered and allowed, and fetches the tokens. */
function deviceLine(issuer: string): string {
  const data = `-d client_id=${deviceClientId}`
  const code = pick('echo "$device"', 'device_code')
  const wait = `device=$(curl -s ${issuer}/device_authorization ${data} -d scope=foo); echo "$device"; read -r enter`
  return `${wait}; curl ${issuer}/token ${data} -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d "device_code=${code}"`
}

/** One line for everything there is to try of OAuth 2. Every line works as it is, pasted into a shell or a browser. */
export function oauth2Lines(issuer: string): readonly DemoLine[] {
  const authorize = `${issuer}/web/authorize/?client_id=${clientId}&redirect_uri=https://www.example.com&state=somestate`
  const tokens = `curl ${credentials} ${issuer}/api/v1/tokens/`
  const quiet = `curl -s ${credentials} ${issuer}/api/v1/tokens/`
  const accessToken = pick(`${quiet} -d grant_type=client_credentials`, 'access_token')
  const refreshToken = pick(`${quiet} -d ${passwordData}`, 'refresh_token')
  const publicRequest = `response_type=code&client_id=${publicClientId}&redirect_uri=${callbackFor(issuer)}&scope=foo&state=demo&code_challenge=${challenge}&code_challenge_method=S256`
  return [
    { title: 'Authorization code, in the browser', kind: 'open', text: `${authorize}&response_type=code` },
    {
      title: 'Authorization code, redeemed',
      note: 'asks for the code in the address you end at',
      kind: 'run',
      text: withCode(`${tokens} -d grant_type=authorization_code`),
    },
    { title: 'Implicit', kind: 'open', text: `${authorize}&response_type=token` },
    { title: 'Password', kind: 'run', text: `${tokens} -d ${passwordData}` },
    { title: 'Client credentials, by Basic', kind: 'run', text: `${tokens} -d 'grant_type=client_credentials'` },
    {
      title: 'Client credentials, in the body',
      kind: 'run',
      text: `curl ${issuer}/api/v1/tokens/ -d 'grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}'`,
    },
    { title: 'Refresh', kind: 'run', text: `${tokens} -d "grant_type=refresh_token&refresh_token=${refreshToken}"` },
    {
      title: 'Authorization code with PKCE, public client',
      note: 'the page you end at shows how to go on',
      kind: 'open',
      text: `${issuer}/authorize?${publicRequest}`,
    },
    {
      title: 'Authorization code with PKCE, redeemed',
      note: 'asks for the code',
      kind: 'run',
      text: `printf 'code: '; read -r code; ${redeemLine(issuer, '"$code"')}`,
    },
    {
      title: 'Device',
      note: `shows a code: allow it at ${issuer}/device, then press Enter`,
      kind: 'run',
      text: deviceLine(issuer),
    },
    { title: 'Introspection', kind: 'run', text: `curl ${credentials} ${issuer}/introspect -d "token=${accessToken}"` },
    { title: 'Revocation', kind: 'run', text: `curl -i ${credentials} ${issuer}/revoke -d "token=${accessToken}"` },
    {
      title: 'Protected resource',
      kind: 'run',
      text: `curl -H "Authorization: Bearer ${accessToken}" ${issuer}/demo/resource`,
    },
    { title: 'Metadata', kind: 'run', text: `curl ${issuer}/.well-known/oauth-authorization-server` },
  ]
}
