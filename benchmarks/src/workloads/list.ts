import { bearer } from './bearer.ts'
import { clientCredentials } from './client-credentials.ts'
import { codePkce } from './code-pkce.ts'
import { dpop } from './dpop.ts'
import { dpopRequest } from './dpop-request.ts'
import { introspection } from './introspection.ts'
import { jwtAccessTokens } from './jwt-access-tokens.ts'
import { oauth1Flow } from './oauth1-flow.ts'
import { oauth1Request } from './oauth1-request.ts'
import { parCode } from './par-code.ts'
import { privateKeyJwt } from './private-key-jwt.ts'
import { refresh } from './refresh.ts'
import type { Workload } from './workload.ts'

/** Every workload that loads a running server, by the name it has in the results. */
export const workloads = {
  client_credentials: clientCredentials,
  refresh,
  introspection,
  code_pkce: codePkce,
  bearer,
  jwt_es256: jwtAccessTokens('kept', 'ES256'),
  jwt_eddsa: jwtAccessTokens('kept', 'EdDSA'),
  jwt_unkept_es256: jwtAccessTokens('unkept', 'ES256'),
  jwt_unkept_eddsa: jwtAccessTokens('unkept', 'EdDSA'),
  private_key_jwt: privateKeyJwt,
  dpop,
  dpop_request: dpopRequest,
  par_code: parCode,
  oauth1_request: oauth1Request,
  oauth1_flow: oauth1Flow,
} satisfies Record<string, Workload>

/** What servers have to have something switched on for. */
export const extensionWorkloads: readonly WorkloadName[] = [
  'jwt_es256',
  'jwt_eddsa',
  'jwt_unkept_es256',
  'jwt_unkept_eddsa',
  'private_key_jwt',
  'dpop',
  'par_code',
]

export type WorkloadName = keyof typeof workloads

export const workloadNames = Object.keys(workloads) as WorkloadName[]
