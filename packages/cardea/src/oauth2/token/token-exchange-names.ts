/** Wire names of token exchange (RFC 8693 §2.1, §3). */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'

const tokenType = (name: string): string => `urn:ietf:params:oauth:token-type:${name}`

export const accessTokenType = tokenType('access_token')
export const refreshTokenType = tokenType('refresh_token')
export const jwtType = tokenType('jwt')
