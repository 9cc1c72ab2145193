import OAuthServer from '@node-oauth/express-oauth-server'
import type { AuthorizationCode, Client, RefreshToken, Token, User } from '@node-oauth/oauth2-server'
import express from 'express'
import { ACTORS } from '../load/target.ts'

const [port = ''] = process.argv.slice(2)
const accessTokens = new Map<string, Token>()
const refreshTokens = new Map<string, RefreshToken>()
const codes = new Map<string, AuthorizationCode>()
const sessions = new Map<string, User>([[ACTORS.sessionCookie, { id: ACTORS.username }]])
const client: Client = {
  id: ACTORS.client.id,
  grants: ['client_credentials', 'authorization_code', 'refresh_token'],
  redirectUris: [ACTORS.redirectUri],
}

const oauth = new OAuthServer({
  model: {
    getClient: async (id: string, secret: string | null) =>
      id === client.id && (secret === null || secret === ACTORS.client.secret) ? client : false,
    async saveToken(token: Token, { id }: Client, user: User) {
      const saved = { ...token, client: { id, grants: [] }, user }
      accessTokens.set(token.accessToken, saved)
      if (token.refreshToken) refreshTokens.set(token.refreshToken, { ...saved, refreshToken: token.refreshToken })
      return saved
    },
    getAccessToken: async (token: string) => accessTokens.get(token),
    getRefreshToken: async (token: string) => refreshTokens.get(token),
    revokeToken: async (token: RefreshToken) => refreshTokens.delete(token.refreshToken),
    async saveAuthorizationCode(code: AuthorizationCode, forClient: Client, user: User) {
      const saved = { ...code, client: forClient, user }
      codes.set(code.authorizationCode, saved)
      return saved
    },
    getAuthorizationCode: async (code: string) => codes.get(code),
    revokeAuthorizationCode: async (code: AuthorizationCode) => codes.delete(code.authorizationCode),
    getUserFromClient: async () => ({ id: 'service' }),
    validateScope: async (_user: User, _client: Client, scope?: string[]) => scope ?? [ACTORS.scope],
    verifyScope: async () => true,
  },
})

const signedIn = {
  handle: (request: express.Request) => sessions.get(/sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''),
}

const app = express()
app.use(express.urlencoded({ extended: false }))
app.post('/token', oauth.token())
app.get('/authorize', oauth.authorize({ authenticateHandler: signedIn }))
app.get('/protected', oauth.authenticate(), (_request, response) => {
  response.json({ ok: true, client: response.locals.oauth.token.client.id })
})
app.listen(Number(port), '127.0.0.1')
