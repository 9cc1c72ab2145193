import { timeOrderedText } from '../core/crypto/time-ordered.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { networkOf } from '../http/network.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import { browserOf, newBrowser } from './browser.ts'
import { countAttempt } from './sign-in-limits.ts'

export type InteractionRequest = Omit<Interaction, 'id' | 'browser' | 'createdAt' | 'expiresAt' | 'takenAt'>

/** Keeps the validated request on the server, for whoever holds `browser`. */
export async function keepInteraction(
  engine: Engine,
  request: HttpRequest,
  asked: InteractionRequest,
  browser: TokenDigest,
): Promise<Interaction> {
  await countAttempt(
    engine,
    `interactions from ${networkOf(request.remoteAddress)}`,
    engine.settings.limits.interaction,
  )
  const now = engine.clock.now()
  const interaction = {
    ...asked,
    id: timeOrderedText(18),
    browser,
    createdAt: now,
    expiresAt: now + engine.settings.lifetimes.interaction,
  }
  await engine.store.interactions.save(interaction)
  return interaction
}

/** Keeps the validated request on the server and sends the person to answer it. */
export async function beginInteraction(
  engine: Engine,
  request: HttpRequest,
  asked: InteractionRequest,
  interactionPath: string,
): Promise<HttpResponse> {
  const known = browserOf(engine, request)
  const { browser, cookie } = known === undefined ? newBrowser(engine) : { browser: known, cookie: undefined }
  const { id } = await keepInteraction(engine, request, asked, browser)
  return seeOther(`${interactionPath}/${id}`, cookie === undefined ? undefined : { 'set-cookie': cookie })
}
