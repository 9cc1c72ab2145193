import { randomUUID } from 'node:crypto'
import { Caller, type Form, pressThrough } from './caller.ts'
import { eachOf, machine, outcomeOf, type Prover, type Proving } from './prover.ts'
import { requested } from './requests.ts'
import { ada } from './target.ts'

const urn = 'urn:ietf:params:oauth:grant-type:'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** A device that waits, and a person who enters its code and allows it. */
async function deviceForm(caller: Caller): Promise<Form> {
  const url = caller.endpoint('device_authorization')
  if (url === 'undefined') return { device_code: 'none' }
  const asked = await caller.post(url, { ...(await caller.assertion()), scope: 'read' })
  const { device_code, verification_uri_complete } = (await asked.json()) as Record<string, string>
  const { pathname, search } = new URL(verification_uri_complete ?? '')
  const agent = caller.target.agent()
  await pressThrough(agent, await agent.get(pathname + search))
  return { device_code: device_code ?? '' }
}

const forms: Readonly<Record<string, (caller: Caller) => Promise<Form>>> = {
  refresh_token: async (caller) => ({ refresh_token: (await caller.codeTokens()).refresh_token ?? 'none' }),
  password: async () => ({ ...ada, scope: 'read' }),
  [`${urn}jwt-bearer`]: async (caller) => {
    const { client_id } = caller.client
    return { assertion: await caller.sign('ES256', { iss: client_id, sub: client_id, aud: caller.target.issuer }) }
  },
  [`${urn}device_code`]: deviceForm,
  [`${urn}token-exchange`]: async (caller) => {
    const issued = (await (await caller.token(machine)).json()) as { access_token?: string }
    return { subject_token: String(issued.access_token), subject_token_type: accessTokenType }
  },
}

async function bought(grant_type: string, proving: Proving): Promise<string> {
  const { caller, metadata, target } = proving
  if (grant_type === 'authorization_code')
    return (await caller.codeTokens()).access_token === undefined ? 'no' : 'works'
  if (grant_type === 'implicit') {
    const page = await Caller.register(target, metadata, { token_endpoint_auth_method: 'none' })
    return requested(page, { response_type: 'token', response_mode: '' })
  }
  const form = (await forms[grant_type]?.(caller)) ?? {}
  return outcomeOf(await caller.token({ grant_type, ...form }))
}

const known = [
  ...['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'],
  ...[
    `${urn}jwt-bearer`,
    `${urn}device_code`,
    `${urn}token-exchange`,
    `${urn}saml2-bearer`,
    'urn:openid:params:grant-type:ciba',
  ],
]

export const grantTypes: Prover = eachOf(known, bought)

export const scopes: Prover = eachOf(
  ['read', 'write', 'openid', 'offline_access', 'bogus'],
  async (scope, { caller }) => outcomeOf(await caller.token({ ...machine, scope })),
)

/** A client by the address of a document: it is fetched, where nobody answers, or is a name that nobody has. */
export const documents: Prover = async (value, { caller, metadata, target }) => {
  const client_id = `https://client.invalid/${randomUUID()}.json`
  const query = new URLSearchParams({ client_id, response_type: 'code' })
  const agent = target.agent()
  const page = await agent.get(`${new URL(caller.endpoint('authorization')).pathname}?${query}`)
  const told = await page.text()
  if (page.status >= 500 && page.status !== 503) throw new Error(`${page.status}`)
  const isUnknown = told.includes('The client id supplied is invalid')
  if (isUnknown === (value === true))
    throw new Error(`${JSON.stringify(metadata.issuer)}: ${page.status} ${told.slice(0, 2000)}`)
}
