import type { TestClient } from 'cardea/testing'
import type { AuthorizationServer } from './authorization-server.ts'
import { john } from './resource-owner.ts'

/** RFC 8628 §3.4. */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** A public client on a device that has neither browser nor keyboard. */
export const television: TestClient = {
  client_id: 'television',
  redirect_uris: [],
  response_types: [],
  grant_types: [deviceGrantType, 'refresh_token'],
}

/** A person who opens the address that the device shows, in a browser without script, signs in there and decides. */
export async function decideOnDevice(
  server: AuthorizationServer,
  verificationUri: string,
  userCode: string,
  decision: 'allow' | 'deny',
): Promise<void> {
  const browser = server.agent()
  const entry = await browser.get(verificationUri)
  const signIn = await browser.follow(await browser.submit(entry, { user_code: userCode, action: 'continue' }))
  const { username, password } = john
  const consent = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
  const answer = await browser.submit(consent, { decision })
  if (answer.status !== 200) throw new Error(`the decision was answered with ${answer.status}`)
}
