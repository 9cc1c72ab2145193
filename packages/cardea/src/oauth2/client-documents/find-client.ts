import type { Client } from '../../core/model/client.ts'
import type { ClientAsked, FindClient } from '../../core/ports/client-finder.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidClient, ProtocolError } from '../../core/spec/errors.ts'
import { networkOf } from '../../http/network.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import { countAttempt } from '../../interaction/sign-in-limits.ts'
import type { ClientDocument } from './client-document.ts'
import type { ClientDocumentsSettings } from './client-documents-options.ts'
import { documentCopies } from './document-copies.ts'
import { isDocumentUrl, isOnHost } from './document-url.ts'
import { keepClient } from './keep-client.ts'

/** Seconds for which a client goes on without its document, while its host cannot be asked. */
const longestOutage = 86_400

/** Says nothing about the document: its host may be back in a moment. */
const isOutage = ({ problem, status = 0 }: OutgoingFailed): boolean =>
  ['unreachable', 'timed_out', 'busy'].includes(problem) || status === 429 || status >= 500

/**
 * One answer for every reason why nothing could be fetched: told apart, they would tell what there is in networks that only
 * this server sees (T-SSRF-1). What is wrong with a document that came is told, for its author.
 */
function refusal(error: OutgoingFailed): ProtocolError {
  const { cause } = error
  const said = cause instanceof ProtocolError ? `: ${cause.description}` : ' or is no document of a client'
  return invalidClient(`client_document_${error.problem}`, `What is at the client id cannot be had${said}`, {
    status: 400,
    cause: error,
  })
}

/** Errors of registration (RFC 7591 §3.2.2): wherever else a client is named, it is the client that is not valid. */
const ofDocument: readonly string[] = ['invalid_client_metadata', 'invalid_redirect_uri']

const unusable = (error: ProtocolError): ProtocolError =>
  invalidClient(`client_document_${error.reason}`, `What is at the client id is of no use here: ${error.description}`, {
    status: 400,
    cause: error,
  })

export interface DocumentParts {
  readonly engine: () => Engine
  readonly outgoing: Outgoing
  readonly settings: ClientDocumentsSettings
}

/** T-SSRF-1: each fetch is somebody's wish, so nobody makes this server ask around for them. */
async function countFetch(engine: Engine, isNew: boolean, { remoteAddress }: ClientAsked): Promise<void> {
  const { clientDocument, clientDocumentFromNetwork } = engine.settings.limits
  await countAttempt(engine, `client documents for ${networkOf(remoteAddress)}`, clientDocumentFromNetwork)
  if (isNew) await countAttempt(engine, 'client documents', clientDocument)
}

/** Whether what is stored may stand in for the document, for this reason. */
function outlives(engine: Engine, stored: Client | undefined, error: unknown): stored is Client {
  const isPassing = error instanceof OutgoingFailed ? isOutage(error) : error instanceof ProtocolError
  return isPassing && engine.clock.now() < (stored?.client_document_read ?? 0) + longestOutage
}

/** Clients of the store, and those whose id is the address of a document about them. */
export function documentClientFinder({ engine: engineOf, outgoing, settings }: DocumentParts): FindClient {
  let copies: ReturnType<typeof documentCopies> | undefined
  const documentOf = async (engine: Engine, clientId: string, isNew: boolean, asked: ClientAsked) => {
    copies ??= documentCopies({ outgoing, clock: engine.clock })
    return copies(clientId, () => countFetch(engine, isNew, asked))
  }
  return async (clientId, asked) => {
    const engine = engineOf()
    const stored = await engine.store.clients.find(clientId)
    const isOperators = stored !== undefined && (stored.disabled || stored.client_document_read === undefined)
    if (isOperators || !isDocumentUrl(clientId)) return stored
    if (settings.hosts !== undefined && !isOnHost(clientId, settings.hosts)) return undefined
    let document: ClientDocument
    try {
      document = await documentOf(engine, clientId, stored === undefined, asked)
    } catch (error) {
      if (outlives(engine, stored, error)) return stored
      throw error instanceof OutgoingFailed ? refusal(error) : error
    }
    try {
      return await keepClient({ engine, outgoing, settings }, clientId, document, stored)
    } catch (error) {
      throw error instanceof ProtocolError && ofDocument.includes(error.code) ? unusable(error) : error
    }
  }
}
