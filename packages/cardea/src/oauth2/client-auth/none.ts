import type { ClientAuthMethod } from './method.ts'

/** RFC 6749 §2.1: a public client only names itself. Chosen only when the request holds no credentials of any kind. */
export const none: ClientAuthMethod = {
  name: 'none',
  namesOnly: true,
  present(request, params) {
    const clientId = params.get('client_id')
    const bare = params.get('client_secret') === undefined && params.get('client_assertion') === undefined
    return clientId !== undefined && bare && request.header('authorization') === undefined ? { clientId } : undefined
  },
  verify: async (_engine, client) => client !== undefined,
}
