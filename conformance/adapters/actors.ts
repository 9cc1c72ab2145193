import { oauth1Secrets } from 'cardea'
import type { TestClient, TestUser } from 'cardea/testing'

export const secrets: readonly string[] = ['a secret of servers in these tests, long enough']

export const john: TestUser = { id: 'u-john', username: 'john@doe.com', password: 'testpassword' }

export const job = { id: 'job', secret: 'job-secret' } as const
export const printer = { key: 'printer', secret: 'kd94hf93k423kf44', callback: 'https://client.example/ready' } as const
export const redirectUri = 'https://client.example/cb'

/** A service, an application without a secret, and a client of OAuth 1. Made on demand: a worker takes no random numbers before its first request. */
export const clients = (): readonly TestClient[] => [
  { client_id: job.id, secret: job.secret, redirect_uris: [], response_types: [] },
  { client_id: 'app', redirect_uris: [redirectUri] },
  {
    client_id: printer.key,
    redirect_uris: [],
    grant_types: [],
    response_types: [],
    oauth1: {
      callbacks: [printer.callback],
      sealed_secret: oauth1Secrets(secrets).sealClientSecret(printer.key, printer.secret),
    },
  },
]
