import assert from 'node:assert/strict'
import {
  initialAccessToken,
  manage,
  post,
  type Registered,
  registered,
  updateOf,
  webMetadata,
} from '../../packages/cardea/test-support/registering.ts'
import { type Contest, toldBy } from './race.ts'

const initial = (uses: number): Contest => ({
  title: `RFC 7591 §1.2, T-DCR-1: an initial access token for ${uses} registers ${uses}`,
  async prepare(server) {
    const token = await initialAccessToken(server, { usesLeft: uses })
    const all = async () => (await server.store.clients.list({ limit: 1000 })).length
    const before = await all()
    return {
      attempt: async () => toldBy(await post(server, webMetadata, { token })),
      losers: ['401 invalid_token'],
      winners: uses,
      async after() {
        assert.equal((await all()) - before, uses)
      },
    }
  },
})

const registrationToken: Contest = {
  title: 'RFC 7592 §2.2, T-DCR-3: a registration access token that is replaced changes the client once',
  async prepare(server) {
    const client = await registered(server)
    let after = client
    return {
      attempt: async () => {
        const answer = await manage(server, 'PUT', client, updateOf(client))
        if (answer.ok) after = (await answer.clone().json()) as Registered
        return toldBy(answer)
      },
      losers: ['401 invalid_token'],
      async after() {
        assert.equal((await manage(server, 'GET', after)).status, 200)
      },
    }
  },
}

export const registrationContests: readonly Contest[] = [initial(1), initial(5), registrationToken]
