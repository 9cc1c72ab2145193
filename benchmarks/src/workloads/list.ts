import { bearer } from './bearer.ts'
import { clientCredentials } from './client-credentials.ts'
import { codePkce } from './code-pkce.ts'
import { introspection } from './introspection.ts'
import { oauth1Flow } from './oauth1-flow.ts'
import { oauth1Request } from './oauth1-request.ts'
import { refresh } from './refresh.ts'
import type { Workload } from './workload.ts'

/** Every workload that loads a running server, by the name it has in the results. */
export const workloads = {
  client_credentials: clientCredentials,
  refresh,
  introspection,
  code_pkce: codePkce,
  bearer,
  oauth1_request: oauth1Request,
  oauth1_flow: oauth1Flow,
} satisfies Record<string, Workload>

export type WorkloadName = keyof typeof workloads

export const workloadNames = Object.keys(workloads) as WorkloadName[]
