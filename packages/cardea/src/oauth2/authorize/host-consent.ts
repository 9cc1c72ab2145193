import type { Engine } from '../../core/ports/engine.ts'
import { invalidRequest, methodNotAllowed, ProtocolError } from '../../core/spec/errors.ts'
import { answeredBy } from '../../http/error-answer.ts'
import { isForm, parseParams } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { seeOther } from '../../http/response.ts'
import { type InteractionRequest, keepInteraction } from '../../interaction/begin.ts'
import type { SignedIn } from '../../interaction/browser.ts'
import { holderOf, ticketed, ticketFor } from '../../interaction/consent-ticket.ts'
import { ownAddress } from '../../interaction/host-session.ts'
import { checkedNeeds, demandsSignIn, type Needs, unanswerable } from './consent-needs.ts'
import { askedFrom } from './endpoint.ts'
import { repeatableOf } from './fact-reader.ts'
import { decideForHost, onceField } from './host-decision.ts'
import { onceText } from './once-only.ts'
import { type HostConsent, type HostConsentParts, type OpenConsent, ticketField } from './open-consent.ts'
import { openRequest } from './open-request.ts'
import { RedirectedError } from './redirected-error.ts'
import type { AuthorizationRequest } from './request.ts'
import { returnAfterSignIn, toldAt } from './sign-in-again.ts'
import { isAcrMet, unmet } from './sign-in-facts.ts'
import { answerableFrom, answerableOf } from './stored-request.ts'
import { tellClient } from './tell-client.ts'

const clientChanged = (): ProtocolError =>
  invalidRequest('client_changed', 'The application was changed or removed. Go back to it and start again')

/** Whatever else the host's form holds, repeats included, is the host's. */
async function ticketIn(request: HttpRequest): Promise<string | undefined> {
  if (!isForm(request.header('content-type'))) return undefined
  const [ticket, ...more] = new URLSearchParams(await request.text()).getAll(ticketField)
  if (more.length > 0) throw invalidRequest('repeated_parameter', `Multiple '${ticketField}' in request`)
  return ticket
}

/**
 * A posted authorization request (RFC 6749 §3.1) is asked for again by GET. Otherwise a form of another site that looks
 * like an answer would be taken for one.
 */
async function sentRound(request: HttpRequest): Promise<ProtocolError> {
  const error = invalidRequest('no_ticket', 'This form does not come from the page that asks for consent')
  if (!isForm(request.header('content-type'))) return error
  const text = await request.text()
  const isRequest = new URLSearchParams(text).has('client_id') && text.length <= 8192
  // Relative, so that it stays on this very page wherever the host has put it.
  return isRequest ? answeredBy(error, seeOther(`?${new URLSearchParams(text)}`)) : error
}

const promptOf = ({ prompt }: AuthorizationRequest, { signIn, consent }: Needs): OpenConsent['prompt'] => {
  if (signIn) return prompt.includes('select_account') ? 'select_account' : 'login'
  return consent ? 'consent' : undefined
}

async function reopened(
  engine: Engine,
  { protocol }: HostConsentParts,
  request: HttpRequest,
  signedIn: SignedIn,
  ticket: string,
): Promise<OpenConsent> {
  const kept = await ticketed(engine, ticket, signedIn.user.id)
  const client = await engine.store.clients.find(kept.clientId)
  if (client === undefined || client.disabled || !(await protocol.stands(kept, client))) throw clientChanged()
  const found = { client, request: answerableOf(kept), scope: kept.scope, signedIn, kept, ticket }
  // The query of this request is nobody's: only its path is taken.
  return { ...found, prompt: 'consent', answered: true, returnTo: ownAddress(request).split('?', 1)[0] as string }
}

/** What `prompt=login` demands was done: the sign-in is newer than the demand. */
const signedInSince = (signedIn: SignedIn | undefined, told: number | undefined): boolean =>
  signedIn !== undefined && told !== undefined && signedIn.session.authTime >= told

/** The page may be loaded again, and left for a sign-in: what is good for one answer is used up by the decision. */
function keptFrom(request: AuthorizationRequest): InteractionRequest {
  const kept = askedFrom(request)
  const { once } = request
  return once === undefined ? kept : { ...kept, request: { ...kept.request, [onceField]: onceText(once) } }
}

async function asked(
  engine: Engine,
  parts: HostConsentParts,
  http: HttpRequest,
  request: AuthorizationRequest,
  signedIn: SignedIn | undefined,
): Promise<OpenConsent> {
  const found = await checkedNeeds(engine, parts, request, signedIn)
  const isNew = signedInSince(signedIn, toldAt(engine, http))
  if (isNew && signedIn !== undefined && !isAcrMet(engine.settings, request, signedIn.session)) throw unmet()
  const isDone = demandsSignIn(request) && isNew
  const needs = isDone ? { ...found, signIn: false } : found
  const prompt = promptOf(request, needs)
  if (prompt !== undefined && request.prompt.includes('none')) throw unanswerable(needs)
  const { client, scope } = request
  const returnTo = returnAfterSignIn(engine, http)
  const open = { client, request: answerableFrom(request), scope, signedIn, prompt, answered: false, returnTo }
  if (signedIn === undefined || needs.signIn) return { ...open, kept: undefined, ticket: undefined }
  const userId = signedIn.user.id
  const kept = await keepInteraction(engine, http, keptFrom(request), holderOf(userId))
  return { ...open, kept, ticket: ticketFor(engine, kept, userId) }
}

const opened = (
  engine: Engine,
  parts: HostConsentParts,
  http: HttpRequest,
  signedIn: SignedIn | undefined,
): Promise<OpenConsent> =>
  openRequest(
    engine,
    parts,
    http,
    parseParams(http.query, { repeatable: repeatableOf(parts.rules.factReaders) }),
    (request) => asked(engine, parts, http, request, signedIn),
  )

/** Consent that a page of the host asks for. */
export const hostConsent = (engine: Engine, parts: HostConsentParts): HostConsent => ({
  async open(request, signedIn, given) {
    if (request.method === 'GET') return opened(engine, parts, request, signedIn)
    if (request.method !== 'POST') throw methodNotAllowed(['GET', 'POST'])
    const ticket = given ?? (await ticketIn(request))
    if (ticket === undefined) throw await sentRound(request)
    if (signedIn === undefined)
      throw new ProtocolError('login_required', 'session_ended', { description: 'The user must sign in' })
    return reopened(engine, parts, request, signedIn, ticket)
  },
  decide: (consent, decision) => decideForHost(engine, parts, consent, decision),
  refused: (error) =>
    error instanceof RedirectedError ? tellClient(engine, parts, error, async () => undefined) : undefined,
})
