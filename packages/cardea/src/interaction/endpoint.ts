import type { Client } from '../core/model/client.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import { formOf, type Params } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import { beginSession, browserOf, endSession, type SignedIn, signedInHere } from './browser.ts'
import { consentIsNeeded } from './consent-need.ts'
import { comesFromHere, isProof } from './form-proof.ts'
import { hostSignInPage } from './host-session.ts'
import type { Present } from './presenter.ts'
import type { InteractionProtocol } from './protocol.ts'
import { signInWithin } from './sign-in-limits.ts'
import { type ConsentOptions, type InteractionViews, interactionViews } from './views.ts'

export interface InteractionEndpointOptions {
  readonly path: string
  readonly protocols: readonly InteractionProtocol[]
  readonly present: Present
}

/** The interaction, and who answers it, once it is sure that this browser may. */
interface Visit {
  readonly interaction: Interaction
  readonly client: Client
  readonly protocol: InteractionProtocol
  readonly signedIn: SignedIn | undefined
}

/** One dispatcher over stored state: every step comes back here, none leads to another. */
export function interactionEndpoint(engine: Engine, options: InteractionEndpointOptions) {
  const views = interactionViews(engine, options.path, options.present)
  return {
    GET: async (request: HttpRequest): Promise<HttpResponse> => {
      const visit = await visitOf(engine, options, request)
      return visit === undefined ? views.answered() : next(engine, views, visit, request)
    },
    POST: async (request: HttpRequest): Promise<HttpResponse> => {
      const visit = await visitOf(engine, options, request)
      if (visit === undefined) return views.answered()
      const params = await formOf(request, { repeatable: ['scope'] })
      const proven =
        comesFromHere(engine, request) &&
        isProof(engine, views.formContext(visit.interaction, visit.signedIn), params.get('csrf'))
      return proven ? answer(engine, views, visit, request, params) : unproven(engine, views, visit, request)
    },
  }
}

/** The same words for unknown, expired and another browser's, so that nobody learns which ids exist. */
const notHere = () =>
  invalidRequest(
    'interaction_not_here',
    'This request has expired, or was begun in another browser. Go back to the application and start again',
  )

const clientChanged = () =>
  invalidRequest(
    'client_changed',
    'The application was changed or removed since this request began. Go back to it and start again',
  )

async function visitOf(
  engine: Engine,
  options: InteractionEndpointOptions,
  request: HttpRequest,
): Promise<Visit | undefined> {
  const id = request.path.slice(options.path.length + 1)
  const interaction = await engine.store.interactions.find(id)
  if (interaction === undefined || engine.clock.now() >= interaction.expiresAt) throw notHere()
  if (interaction.browser !== browserOf(engine, request)) throw notHere()
  if (interaction.takenAt !== undefined) return undefined
  const client = await engine.store.clients.find(interaction.clientId)
  const protocol = options.protocols.find(({ name }) => name === interaction.protocol)
  if (protocol === undefined) throw notHere()
  if (client === undefined || client.disabled || !(await protocol.stands(interaction, client))) throw clientChanged()
  const signedIn = await signedInFor(engine, protocol, request, interaction)
  if (signedIn !== undefined) await protocol.admit?.(interaction, signedIn)
  return { interaction, client, protocol, signedIn }
}

/** Who is signed in, unless this interaction demands a sign-in that is newer than itself. */
async function signedInFor(
  engine: Engine,
  protocol: InteractionProtocol,
  request: HttpRequest,
  interaction: Interaction,
): Promise<SignedIn | undefined> {
  const signedIn = await signedInHere(engine, request, protocol.wanted?.(interaction))
  if (signedIn === undefined || !interaction.freshSignIn) return signedIn
  const { authTime, digest } = signedIn.session
  const isOld = authTime < interaction.createdAt || digest === interaction.staleSession
  // A host may add a factor to the sign-in there is, which then is no newer: asked again, the person would go round in circles.
  return isOld && !protocol.steppedUp?.(interaction, signedIn) ? undefined : signedIn
}

/** The host's own page, where it has one. */
const atHost = async (
  engine: Engine,
  request: HttpRequest,
  { interaction, protocol }: Pick<Visit, 'interaction' | 'protocol'>,
): Promise<HttpResponse> => seeOther(await hostSignInPage(engine, request, protocol.wanted?.(interaction)))

async function askConsent(
  views: InteractionViews,
  { client, interaction, protocol }: Visit,
  signedIn: SignedIn,
  request: HttpRequest,
  options?: ConsentOptions,
): Promise<HttpResponse> {
  const device = await protocol.device?.(interaction, request)
  return views.consent(interaction, client, signedIn, { ...options, ...(device !== undefined && { device }) })
}

async function next(
  engine: Engine,
  views: InteractionViews,
  visit: Visit,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { interaction, client, protocol, signedIn } = visit
  if (signedIn === undefined) {
    return engine.hostSignIn === undefined ? views.signIn(interaction, client) : atHost(engine, request, visit)
  }
  if (interaction.askConsent || (await consentIsNeeded(engine, client, signedIn.user.id, interaction))) {
    return askConsent(views, visit, signedIn, request)
  }
  return (await protocol.granted(interaction, signedIn, interaction.scope)) ?? views.answered()
}

/** A forged form, or one shown before somebody else signed in here: nothing is done, the page is shown afresh. */
function unproven(
  engine: Engine,
  views: InteractionViews,
  visit: Visit,
  request: HttpRequest,
): HttpResponse | Promise<HttpResponse> {
  const { client, interaction, signedIn } = visit
  if (signedIn === undefined && engine.hostSignIn !== undefined) return atHost(engine, request, visit)
  if (signedIn === undefined) return views.signIn(interaction, client, { problem: 'form_expired' })
  return askConsent(views, visit, signedIn, request, { status: 403 })
}

async function answer(
  engine: Engine,
  views: InteractionViews,
  visit: Visit,
  request: HttpRequest,
  params: Params,
): Promise<HttpResponse> {
  const action = params.get('action')
  if (action === 'cancel' || params.get('decision') === 'deny') return deny(engine, views, visit)
  if (engine.hostSignIn !== undefined && (action === 'switch_account' || visit.signedIn === undefined))
    return atHost(engine, request, visit)
  if (action === 'switch_account') return views.again(visit.interaction, await endSession(engine, request))
  if (visit.signedIn === undefined) return signIn(engine, views, visit, request, params)
  if (params.get('decision') === 'allow') return allow(engine, views, visit, visit.signedIn, request, params)
  return next(engine, views, visit, request)
}

async function signIn(
  engine: Engine,
  views: InteractionViews,
  { interaction, client, protocol }: Visit,
  request: HttpRequest,
  params: Params,
): Promise<HttpResponse> {
  const wanted = protocol.wanted?.(interaction)
  const username = params.get('username') ?? ''
  const password = params.get('password') ?? ''
  try {
    const user = await signInWithin(engine, {
      username,
      password,
      remoteAddress: request.remoteAddress,
      ...(wanted !== undefined && { wanted }),
    })
    const cookie = user === undefined ? undefined : await beginSession(engine, request, user)
    if (user === undefined || cookie === undefined)
      return views.signIn(interaction, client, { problem: 'wrong_credentials', username })
    await engine.emit({
      type: 'signed_in',
      userId: user.id,
      ...(request.remoteAddress !== undefined && { remoteAddress: request.remoteAddress }),
    })
    return views.again(interaction, cookie)
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== 'too_many_requests') throw error
    return views.signIn(interaction, client, {
      problem: 'too_many_attempts',
      username,
      retryAfter: error.retryAfter ?? 60,
    })
  }
}

async function allow(
  engine: Engine,
  views: InteractionViews,
  visit: Visit,
  signedIn: SignedIn,
  request: HttpRequest,
  params: Params,
): Promise<HttpResponse> {
  const { interaction, client, protocol } = visit
  const ticked = params.all('scope')
  const scope = interaction.scope.filter((name) => ticked.includes(name)) // never more than was asked for
  const hasDetails = interaction.facts?.authorizationDetails !== undefined
  if (scope.length === 0 && interaction.scope.length > 0 && !hasDetails)
    return askConsent(views, visit, signedIn, request, { problem: 'nothing_chosen', status: 400 })
  const before = await engine.store.consents.find(signedIn.user.id, client.client_id)
  // The latest answer counts: what was left unticked is not given silently next time, even where it once was allowed.
  const notAsked = (before?.scope ?? []).filter((name) => !interaction.scope.includes(name))
  const remember = [...notAsked, ...scope]
  const response = await protocol.granted(interaction, signedIn, scope, remember)
  if (response === undefined) return views.answered()
  await engine.emit({ type: 'consent_given', clientId: client.client_id, userId: signedIn.user.id, scope })
  return response
}

async function deny(
  engine: Engine,
  views: InteractionViews,
  { interaction, client, protocol, signedIn }: Visit,
): Promise<HttpResponse> {
  await protocol.decline?.(interaction, signedIn)
  if (!(await engine.store.interactions.take(interaction.id, engine.clock.now()))) return views.answered()
  await engine.emit({
    type: 'consent_denied',
    clientId: client.client_id,
    ...(signedIn !== undefined && { userId: signedIn.user.id }),
  })
  return protocol.denied(interaction, signedIn)
}
