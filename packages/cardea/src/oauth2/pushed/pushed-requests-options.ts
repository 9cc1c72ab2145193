/** RFC 9126: authorization requests that clients leave with us first. */
export interface PushedRequestsOptions {
  /** Every client must push its requests. Default false: those that are registered so. */
  readonly required?: boolean
  /** A pushed request must say its `redirect_uri`, also where its client has but one (FAPI 2.0 §5.3.2.2). Default false. */
  readonly redirectUriRequired?: boolean
  /** Seconds a request waits for the browser. Default 300, at most 599: people may have to sign in at the host first. */
  readonly lifetime?: number
}

/** RFC 9126 §2.2 leaves it open, and FAPI 2.0 §5.3.2.2 wants less than 600. */
const longest = 599

/** What holds once the options are read. */
export type PushedRequestsSettings = Required<PushedRequestsOptions>

/** @throws TypeError that names the option, what it got and what is valid */
export function pushedRequestsSettings(options: boolean | PushedRequestsOptions): PushedRequestsSettings {
  const { required = false, redirectUriRequired = false, lifetime = 300 } = typeof options === 'boolean' ? {} : options
  for (const [name, value] of Object.entries({ required, redirectUriRequired }))
    if (typeof value !== 'boolean')
      throw new TypeError(`pushedRequests.${name}: must be true or false, got ${JSON.stringify(value)}`)
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > longest)
    throw new TypeError(
      `pushedRequests.lifetime: must be whole seconds from 1 to ${longest}, got ${JSON.stringify(lifetime)}`,
    )
  return { required, redirectUriRequired, lifetime }
}
