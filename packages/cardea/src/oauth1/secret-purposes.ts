/**
 * Purposes of the keys that secrets are sealed under. A client's secret is bound to the client's id, the secret of a
 * temporary or token credential to the digest of its token.
 */
export const sealedAs = { client: 'oauth1 client secret', token: 'oauth1 token secret' } as const
