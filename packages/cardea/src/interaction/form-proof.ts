import { equalInConstantTime } from '../core/crypto/digest.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { HttpRequest } from '../http/request.ts'

const purpose = 'form'

/** What a form belongs to: an interaction or page, this browser, and whoever was signed in when it was shown. */
export interface FormContext {
  readonly subject: string
  readonly browser: string
  readonly session: string | undefined
}

const textOf = ({ subject, browser, session }: FormContext): string => `${subject} ${browser} ${session ?? ''}`

/** The hidden `csrf` value: a forged form cannot know it, and a form shown to one person is void for the next. */
export const formProof = (engine: Engine, context: FormContext): string => engine.keyring.mac(purpose, textOf(context))

export function isProof(engine: Engine, context: FormContext, presented: string | undefined): boolean {
  if (presented === undefined) return false
  return engine.keyring.macs(purpose, textOf(context)).some((mac) => equalInConstantTime(mac, presented))
}

/** Second proof against forgery, from the browser itself, where it says where a form comes from. */
export function comesFromHere(engine: Engine, request: HttpRequest): boolean {
  const site = request.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const origin = request.header('origin')
  return origin === undefined || origin === new URL(engine.settings.issuer).origin
}
