/** Seconds for which others may keep our key set (`Cache-Control` of the JWKS endpoint). */
export const keySetMaxAge = 300

/** Seconds for which each instance trusts its copy of the keys. */
export const staleAfter = 60

/** Seconds between two looks for a key that nobody here has heard of: forged `kid`s must not become queries. */
export const searchEvery = 10

/** Seconds: nothing that the server signs is valid for longer, whatever lifetimes say. */
export const longestSigned = 86_400

/** Seconds that clocks may differ. */
const clockTolerance = 60

/** Seconds from which a published key is known to everybody who keeps the key set no longer than they are told. */
export const publishedBefore = keySetMaxAge + staleAfter

/** Seconds for which a key stays published after its last signature: an instance may sign with it a little longer. */
export const retiredFor = longestSigned + staleAfter + keySetMaxAge + clockTolerance
