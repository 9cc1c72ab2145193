/** JARM: authorization responses that this server signs. */
export interface SignedResponsesOptions {
  /** Seconds until a response expires. Default 120, at most 600. */
  readonly lifetime?: number
}

/** What holds once the options are read. @throws TypeError that names the option, what it got and what is valid */
export function signedResponsesSettings(options: boolean | SignedResponsesOptions): Required<SignedResponsesOptions> {
  const { lifetime = 120 } = typeof options === 'boolean' ? {} : options
  // JARM §2.1: ten minutes are recommended as the most.
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > 600)
    throw new TypeError(
      `signedResponses.lifetime: must be whole seconds from 1 to 600, got ${JSON.stringify(lifetime)}`,
    )
  return { lifetime }
}
