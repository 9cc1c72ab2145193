import type { Client } from '../model/client.ts'
import type { AuthorizationDetail } from '../model/grant-facts.ts'

/** One line about a detail, as people read it. */
export interface DetailLine {
  /** Such as `Amount`. */
  readonly label: string
  /** Such as `123.50 EUR`. Shown as text, whatever it holds. */
  readonly value: string
}

/** What somebody is asked to allow. */
export interface DetailDescription {
  /** Such as `Pay 123.50 EUR to Merchant A`. Shown as text, whatever it holds. */
  readonly title: string
  /** What else there is to know before one agrees. */
  readonly lines?: readonly DetailLine[]
}

/** Whom a detail concerns. */
export interface DetailContext {
  /** Who asks. */
  readonly client: Client
}

/**
 * One type of authorization details (RFC 9396 §2): the host says what is valid, what people are shown, and what is less.
 * `Detail` is what `validate` returns.
 */
export interface AuthorizationDetailType<Detail extends AuthorizationDetail = AuthorizationDetail> {
  /**
   * The detail as it is kept and given to the resource server; undefined for one that is not valid.
   * @throws ProtocolError `invalid_authorization_details`, to tell the client why
   */
  validate(detail: AuthorizationDetail, context: DetailContext): Detail | undefined | Promise<Detail | undefined>
  /** What the page says that asks for consent. */
  describe(detail: Detail, context: DetailContext): DetailDescription | Promise<DetailDescription>
  /**
   * What a token gets of a granted detail, when this is asked for at the token endpoint (RFC 9396 §6.1); undefined: it is
   * more than was granted. What was granted covers one detail of a token. Default: exactly what was granted, or nothing.
   */
  narrow?(granted: Detail, asked: Detail): Detail | undefined
}

/** By value of `type`. */
export type AuthorizationDetailTypes = Readonly<Record<string, AuthorizationDetailType>>

/** Undefined where there is no such type, or the client may not use it (RFC 9396 §10). */
export function usableDetailType(
  types: AuthorizationDetailTypes,
  { authorization_details_types: own }: Client,
  type: string,
): AuthorizationDetailType | undefined {
  if (own !== undefined && !own.includes(type)) return undefined
  return Object.hasOwn(types, type) ? types[type] : undefined
}
