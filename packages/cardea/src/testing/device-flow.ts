import { alice, allow, signIn, type Visit } from './authorization-visit.ts'
import {
  startTestServer,
  type TestClient,
  type TestServer,
  type TestServerOptions,
  type TestUser,
} from './test-server.ts'
import { formsOf, type UserAgent } from './user-agent.ts'

/** RFC 8628 §3.4. */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** A public client on a device that has neither browser nor keyboard. */
export const television: TestClient = {
  client_id: 'tv',
  client_name: 'Television',
  redirect_uris: [],
  response_types: [],
  grant_types: [deviceGrantType, 'refresh_token'],
}

/** A server with the device grant, `television` and `alice`. */
export const startDevices = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ deviceGrant: true, clients: [television], users: [alice], ...options })

/** RFC 8628 §3.2. */
export interface DeviceCodes {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

export const askForDevice = (server: TestServer, form: Record<string, string> = {}): Promise<Response> =>
  server.post('/device_authorization', { client_id: 'tv', ...form })

export async function newDevice(server: TestServer, form: Record<string, string> = {}): Promise<DeviceCodes> {
  const answer = await askForDevice(server, form)
  if (answer.status !== 200) throw new Error(`no device codes but ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as DeviceCodes
}

/** What a poll was answered with. */
export interface Polled {
  readonly status: number
  readonly error?: string
  readonly access_token?: string
  readonly refresh_token?: string
  readonly scope?: string
}

export const askForTokens = (server: TestServer, device_code: string): Promise<Response> =>
  server.post('/token', { client_id: 'tv', grant_type: deviceGrantType, device_code })

export async function poll(server: TestServer, device_code: string): Promise<Polled> {
  const answer = await askForTokens(server, device_code)
  return { status: answer.status, ...((await answer.json()) as object) }
}

/** Types the code in, in a browser, and returns what it is answered with. */
export async function enterCode(browser: UserAgent, user_code: string): Promise<Response> {
  return browser.submit(await browser.get('/device'), { user_code, action: 'continue' })
}

/** The page that follows a code that is right. */
export async function visitDevice(browser: UserAgent, user_code: string): Promise<Visit> {
  const path = (await enterCode(browser, user_code)).headers.get('location') ?? ''
  if (!path.startsWith('/interaction/')) throw new Error(`the code led to ${path || 'no other page'}`)
  const page = await browser.get(path)
  const text = await page.clone().text()
  const csrf = formsOf(text)[0]?.fields.find(([name]) => name === 'csrf')?.[1] ?? ''
  return { browser, page, path, csrf, text }
}

/** The consent page, after that user has signed in for it. */
export const visitDeviceConsent = async (
  server: TestServer,
  user_code: string,
  user: TestUser = alice,
  browser = server.agent(),
): Promise<Visit> => signIn(await visitDevice(browser, user_code), user)

/** Enters the code, signs in and allows. */
export const approveDevice = async (
  server: TestServer,
  user_code: string,
  scope?: readonly string[],
): Promise<Response> => allow(await visitDeviceConsent(server, user_code), scope)
