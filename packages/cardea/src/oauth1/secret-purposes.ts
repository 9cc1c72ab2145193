/** Purposes of the keys that secrets are sealed under. */
export const sealedAs = { client: 'oauth1 client secret', token: 'oauth1 token secret' } as const
