/** RFC 9126: authorization requests that clients leave with us first. */
export interface PushedRequestsOptions {
  /** Every client must push its requests. Default false: those that are registered so. */
  readonly required?: boolean
  /** Seconds a request waits for the browser. Default 300, at most 599: people may have to sign in at the host first. */
  readonly lifetime?: number
}

/** RFC 9126 §2.2 leaves it open, and FAPI 2.0 §5.3.2.2 wants less than 600. */
const longest = 599

/** What holds once the options are read. */
export type PushedRequestsSettings = Required<PushedRequestsOptions>

/** @throws TypeError that names the option, what it got and what is valid */
export function pushedRequestsSettings(options: boolean | PushedRequestsOptions): PushedRequestsSettings {
  const { required = false, lifetime = 300 } = typeof options === 'boolean' ? {} : options
  if (typeof required !== 'boolean')
    throw new TypeError(`pushedRequests.required: must be true or false, got ${JSON.stringify(required)}`)
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > longest)
    throw new TypeError(
      `pushedRequests.lifetime: must be whole seconds from 1 to ${longest}, got ${JSON.stringify(lifetime)}`,
    )
  return { required, lifetime }
}
