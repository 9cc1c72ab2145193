interface Named {
  readonly name: string
}

interface Typed {
  readonly type: string
}

/** What a server was put together from, by names on the wire. */
export interface Supported {
  /** Values of `grant_type`. */
  readonly grantTypes: readonly string[]
  /** Values of `response_type`. */
  readonly responseTypes: readonly string[]
  /** Values of `token_endpoint_auth_method`. */
  readonly authMethods: readonly string[]
}

/** What clients of a server with these parts may be registered for. */
export const supportedBy = (parts: {
  readonly grants: readonly Typed[]
  readonly responseTypes: readonly string[]
  readonly clientAuthMethods: readonly Named[]
}): Supported => ({
  grantTypes: parts.grants.map(({ type }) => type),
  responseTypes: parts.responseTypes,
  authMethods: parts.clientAuthMethods.map(({ name }) => name),
})
