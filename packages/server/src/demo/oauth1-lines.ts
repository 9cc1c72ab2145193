import { demonstration } from '../serve/demonstration-credentials.ts'
import type { DemoLine } from './lines.ts'
import { oauth1CallbackFor } from './seed.ts'

const { oauth1ClientId: clientId, oauth1Secret: secret } = demonstration

export const oauth1Note =
  'curl cannot sign, so these OAuth 1 lines use PLAINTEXT, which is on in this demonstration only. Any client of OAuth 1\n' +
  `works with HMAC-SHA1, HMAC-SHA256 or HMAC-SHA512: consumer key ${clientId}, consumer secret ${secret}.`

const signedBy = `-d oauth_consumer_key=${clientId} -d oauth_signature_method=PLAINTEXT`

/** Takes members out of the answer that the line before has kept in `$oauth1`. */
const member = (name: string): string => `$(echo "$oauth1" | tr '&' '\\n' | sed -n 's/^${name}=//p')`

const tokenData = `-d "oauth_token=${member('oauth_token')}" -d "oauth_signature=${secret}%26${member('oauth_token_secret')}"`

/** The line that exchanges what was begun in this shell. */
export const exchangeLine = (issuer: string, verifier: string): string =>
  `oauth1=$(curl -s ${issuer}/oauth1/token ${signedBy} ${tokenData} -d "oauth_verifier=${verifier}"); echo "$oauth1"`

/** What there is to try of OAuth 1. The lines follow each other in one shell. */
export function oauth1Lines(issuer: string): readonly DemoLine[] {
  const begin = `curl -s ${issuer}/oauth1/initiate ${signedBy} -d oauth_signature=${secret}%26 --data-urlencode oauth_callback=${oauth1CallbackFor(issuer)}`
  return [
    {
      title: 'Temporary credentials',
      note: 'prints them, and the address to open; oauth_callback=oob shows a code instead',
      kind: 'run',
      text: `oauth1=$(${begin}); echo "$oauth1"; echo "${issuer}/oauth1/authorize?oauth_token=${member('oauth_token')}"`,
    },
    {
      title: 'Token credentials, in the same shell',
      note: 'asks for the verifier',
      kind: 'run',
      text: `printf 'verifier: '; read -r verifier; ${exchangeLine(issuer, '$verifier')}`,
    },
    {
      title: 'Protected resource, in the same shell',
      kind: 'run',
      text: `curl -G ${issuer}/demo/resource ${signedBy} ${tokenData}`,
    },
    {
      title: 'Exchanged for tokens of OAuth 2, in the same shell',
      kind: 'run',
      text: `curl ${issuer}/token -H "Authorization: OAuth oauth_consumer_key=\\"${clientId}\\", oauth_signature_method=\\"PLAINTEXT\\", oauth_token=\\"${member('oauth_token')}\\", oauth_signature=\\"${secret}%26${member('oauth_token_secret')}\\"" -d grant_type=urn:ietf:params:oauth:grant-type:token-exchange -d subject_token_type=urn:cardea:params:oauth:token-type:oauth1 -d "subject_token=${member('oauth_token')}"`,
    },
  ]
}
