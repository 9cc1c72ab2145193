export type { FetchHandler, FetchListener } from '../adapters/guarded-fetch.ts'
export type { AnswerTo, Incoming, IncomingOptions } from '../adapters/incoming.ts'
export { send } from '../adapters/node-response.ts'
export type { RsaPublicKey } from '../core/crypto/rsa-signature.ts'
export type { TokenDigest } from '../core/model/digest.ts'
export type { TemporaryApproval, TemporaryCredential } from '../core/model/temporary-credential.ts'
export type { TokenCredential } from '../core/model/token-credential.ts'
export type { CardeaEvent, EventSink } from '../core/ports/events.ts'
export type { OAuth1ShortTerm } from '../core/ports/oauth1-storage.ts'
export type { TextList } from '../core/rules/text-list.ts'
export { ProtocolError } from '../core/spec/errors.ts'
export { StorageUnavailable } from '../core/spec/storage-error.ts'
export type { HttpRequest } from '../http/request.ts'
export type { HttpResponse } from '../http/response.ts'
export type { AuthorizationCheck } from './authorization.ts'
export { OAuth1Error, type OAuth1ErrorCode, type OAuth1ErrorOptions, oauth1ErrorStatus } from './errors.ts'
export type { Decision } from './library/authorization-answer.ts'
export { type HookName, hookNames, type OAuth1Hooks } from './library/hooks.ts'
export type { ClientModel, ClientModels, IssuedToken, TokenModel, TokenModels } from './library/models.ts'
export { OAuth1Server, type OAuth1ServerOptions } from './library/oauth1-server.ts'
export type { OAuth1LibraryOptions } from './library/options.ts'
export {
  type Access,
  type RequireOAuth,
  ResourceProtector,
  type ResourceProtectorOptions,
} from './library/resource-protector.ts'
export type { ParameterPlace } from './parameters.ts'
export type { ScopeNeed } from './protect.ts'
export { defaultOAuth1Settings, type OAuth1Settings } from './settings.ts'
export { type SignedRequest, type Signing, signRequest, type UnsignedRequest } from './sign.ts'
export {
  hmacSha1,
  hmacSha256,
  hmacSha512,
  plaintext,
  rsaSha1,
  rsaSha256,
  rsaSha512,
  type SignatureMethod,
  type SigningKeys,
  type VerificationKeys,
} from './signature-methods.ts'
export type { TimestampWindow } from './timestamp.ts'
export type { TokenAndSecret, TokenGenerator } from './token-generator.ts'
