import { randomBytes } from 'node:crypto'
import express from 'express'
import createServer from 'oauthorize'
import passport from 'passport'
import { ConsumerStrategy, TokenStrategy } from 'passport-http-oauth'
import { ACTORS } from '../load/target.ts'

interface Temporary {
  readonly secret: string
  readonly callback: string
  user?: string
  verifier?: string
}

const [port = ''] = process.argv.slice(2)
const client = { id: ACTORS.client.id }
const user = { id: ACTORS.username }
const sessions = new Map<string, object>([[ACTORS.sessionCookie, {}]])
const temporaries = new Map<string, Temporary>()
const tokens = new Map<string, { readonly secret: string; readonly user: string }>()
const nonces = new Set<string>()
const newText = () => randomBytes(32).toString('base64url')

const findClient = (key: string, done: (error: null, ...found: unknown[]) => void) =>
  key === client.id ? done(null, client, ACTORS.client.secret) : done(null, false)

function isNew(timestamp: string, nonce: string, done: (error: null, valid: boolean) => void): void {
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300
  const before = nonces.size
  done(null, isFresh && nonces.add(`${timestamp} ${nonce}`).size > before)
}

passport.use(
  'consumer',
  new ConsumerStrategy(findClient, (token, done) => done(null, temporaries.get(token)?.secret), isNew),
)
passport.use(
  'token',
  new TokenStrategy(
    findClient,
    (token, done) => {
      const found = tokens.get(token)
      if (found === undefined) done(null, false)
      else done(null, { id: found.user }, found.secret)
    },
    isNew,
  ),
)

const server = createServer()
server.serializeClient(({ id }, done) => done(null, id))
server.deserializeClient((id, done) => done(null, id === client.id ? client : false))

const signedIn: express.RequestHandler = (request, response, next) => {
  const session = sessions.get(/sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
  if (session === undefined) return void response.status(401).end()
  Object.assign(request, { session, user })
  next()
}
const consumer = passport.authenticate('consumer', { session: false })

const app = express()
app.use(express.urlencoded({ extended: false }))
app.use(passport.initialize())
app.post(
  '/oauth1/initiate',
  consumer,
  server.requestToken((_client, callback, done) => {
    if (callback !== ACTORS.redirectUri) return done(null, false)
    const [token, secret] = [newText(), newText()]
    temporaries.set(token, { secret, callback })
    done(null, token, secret)
  }),
)
app.get(
  '/oauth1/authorize',
  signedIn,
  server.userAuthorization((token, done) => done(null, client, temporaries.get(token)?.callback)),
  (request, response) => {
    // Not what `oauth` of a request is to cardea/express.
    const { transactionID }: { transactionID: string } = Reflect.get(request as object, 'oauth')
    response.send(`<form action="/oauth1/authorize" method="post"><p>${client.id} asks for ${ACTORS.scope}</p>
<input type="hidden" name="transaction_id" value="${transactionID}">
<button name="decision" value="allow">Allow</button></form>`)
  },
)
app.post(
  '/oauth1/authorize',
  signedIn,
  server.userDecision((token, { id }, _answer, done) => {
    const verifier = newText()
    Object.assign(temporaries.get(token) ?? {}, { user: id, verifier })
    done(null, verifier)
  }),
)
app.post(
  '/oauth1/token',
  consumer,
  server.accessToken(
    (token, verifier, done) => done(null, temporaries.get(token)?.verifier === verifier),
    (_client, temporary, _info, done) => {
      const approved = temporaries.get(temporary)?.user
      temporaries.delete(temporary)
      const [token, secret] = [newText(), newText()]
      if (approved === undefined) return done(null, false)
      tokens.set(token, { secret, user: approved })
      done(null, token, secret)
    },
  ),
)
app.get('/protected', passport.authenticate('token', { session: false }), (_request, response) => {
  response.json({ ok: true, client: client.id })
})
app.listen(Number(port), '127.0.0.1')
