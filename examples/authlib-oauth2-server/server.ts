import { AuthorizationServer, ProtocolError } from 'cardea'
import { oauth, protector } from 'cardea/express'
import { sqliteStore } from 'cardea/stores/sqlite'
import express from 'express'
import { openDatabase } from './database.ts'
import { clients, tokens, users } from './models.ts'
import { scopes } from './scopes.ts'
import { sessions } from './sessions.ts'
import { authorizeView, homeView, loginView, pageHeaders } from './views.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
// Keep the secret outside the code. A new one at every start makes open pages void.
const secret = process.env.SECRET ?? crypto.randomUUID()
const folder = process.env.DATA ?? '.'

const database = await openDatabase(`${folder}/app.sqlite`)
const store = await sqliteStore({ file: `${folder}/oauth.sqlite` }) // codes, and what waits for an answer
const { signedIn, signIn, signOut } = sessions(database, issuer.startsWith('https:'))

// server = AuthorizationServer(OAuth2Client, OAuth2Token)
const server = new AuthorizationServer({
  issuer,
  secrets: [secret],
  store,
  scopes,
  clients: clients(database),
  tokens: tokens(database),
  users: users(database),
  paths: { authorize: '/oauth/authorize', token: '/oauth/token', revoke: '/oauth/revoke' },
})
const { requireOAuth } = protector(server)

const app = express()
app.use(express.urlencoded({ extended: false }))

// def authorize(request):
app.all(
  '/oauth/authorize',
  oauth(async (request, req: express.Request, res: express.Response) => {
    const session = signedIn(req)
    try {
      // grant = server.get_consent_grant(request, end_user=request.user)
      const grant = await server.getConsentGrant(request, {
        endUser: session?.user,
        ...(session !== undefined && { authTime: session.authTime }),
      })
      // Django has @login_required for this.
      if (session === undefined || grant.prompt === 'login' || grant.prompt === 'select_account')
        return res.redirect(303, `/login?return_to=${encodeURIComponent(grant.returnTo)}`)
      // if request.method == 'GET': … return render(request, 'authorize.html', context)
      if (req.method === 'GET' && grant.prompt === 'consent') return res.set(pageHeaders).send(authorizeView(grant))
      // if is_user_confirmed(request):
      const confirmed = grant.prompt === undefined || req.body?.confirm === 'yes'
      // return server.create_authorization_response(request, grant=grant, grant_user=request.user)
      return await server.createAuthorizationResponse(request, { grant, grantUser: confirmed ? session.user : null })
    } catch (error) {
      // except OAuth2Error as error: return server.handle_error_response(request, error)
      if (error instanceof ProtocolError) return server.handleErrorResponse(request, error)
      throw error
    }
  }),
)

// @require_http_methods(["POST"])  # we only allow POST for token endpoint
// def issue_token(request): return server.create_token_response(request)
app.all(
  '/oauth/token',
  oauth((request) => server.createTokenResponse(request)),
)
app.all(
  '/oauth/revoke',
  oauth((request) => server.createEndpointResponse('revocation', request)),
)
app.get(
  '/.well-known/oauth-authorization-server',
  oauth((request) => server.createEndpointResponse('metadata', request)),
)
// For applications that want their answer by response_mode=form_post.
app.get(
  '/form-post.js',
  oauth((request) => server.createEndpointResponse('form-post-script', request)),
)

// The API.
app.get(
  '/api/me',
  requireOAuth('profile', async (request, response) => {
    const user = await request.oauth.user
    response.json({ id: user?.id, name: user?.name })
  }),
)

// The application's own pages.
const ownPath = (value: unknown): string => (typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : '/')
app.get('/', (req, res) => void res.set(pageHeaders).send(homeView(signedIn(req)?.user)))
app.get('/login', (req, res) => void res.set(pageHeaders).send(loginView(ownPath(req.query.return_to))))
app.post('/login', async (req, res) => {
  const { username = '', password = '', return_to } = (req.body ?? {}) as Record<string, unknown>
  // A form of another site must not sign anybody in here.
  const isOurs = req.headers.origin === undefined || req.headers.origin === new URL(issuer).origin
  if (isOurs && (await signIn(req, res, String(username), String(password))))
    return res.redirect(303, ownPath(return_to))
  const view = loginView(ownPath(return_to), String(username), 'That username and password do not go together.')
  return res.status(400).set(pageHeaders).send(view)
})
app.post('/logout', (req, res) => {
  signOut(req, res)
  res.redirect(303, '/')
})

const listening = app.listen(port, '127.0.0.1', () => console.log(`listening on ${issuer}`))
const sweep = setInterval(() => void server.sweep().catch(console.error), 60_000)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(sweep)
    listening.close(() => void store.close().then(() => database.close()))
    listening.closeIdleConnections()
  })
}
