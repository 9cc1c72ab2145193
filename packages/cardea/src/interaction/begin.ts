import { randomText } from '../core/crypto/random.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { networkOf } from '../http/network.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import { browserOf, newBrowser } from './browser.ts'
import { countAttempt } from './sign-in-limits.ts'

export type InteractionRequest = Omit<Interaction, 'id' | 'browser' | 'createdAt' | 'expiresAt' | 'takenAt'>

/** Keeps the validated request on the server and sends the person to answer it. */
export async function beginInteraction(
  engine: Engine,
  request: HttpRequest,
  asked: InteractionRequest,
  interactionPath: string,
): Promise<HttpResponse> {
  const known = browserOf(engine, request)
  const { browser, cookie } = known === undefined ? newBrowser(engine) : { browser: known, cookie: undefined }
  await countAttempt(
    engine,
    `interactions from ${networkOf(request.remoteAddress)}`,
    engine.settings.limits.interaction,
  )
  const now = engine.clock.now()
  const id = randomText(18)
  await engine.store.interactions.save({
    ...asked,
    id,
    browser,
    createdAt: now,
    expiresAt: now + engine.settings.lifetimes.interaction,
  })
  return seeOther(`${interactionPath}/${id}`, cookie === undefined ? undefined : { 'set-cookie': cookie })
}
