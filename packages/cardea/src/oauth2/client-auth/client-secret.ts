import { digestOf, equalDigests } from '../../core/crypto/digest.ts'
import { isWellFormed, mintToken } from '../../core/crypto/token-text.ts'
import type { Client } from '../../core/model/client.ts'
import type { SecretHasher } from '../../core/ports/secret-hasher.ts'
import type { ClientAuthMethod } from './method.ts'

const fastPrefix = 'sha256:'

/** A client secret of 256 bits, recognisable to secret scanners. Shown once, stored hashed. */
export const mintClientSecret = (): string => mintToken('clientSecret')

/** What a secret that a host keeps readable is compared by: a slow hash would protect nothing. */
export const digestOfReadableSecret = (secret: string): string => fastPrefix + digestOf(secret)

/**
 * What is stored of a client secret (`client_secret_hash`). Minted secrets have so much entropy that a plain digest
 * cannot be reversed, and checking costs microseconds; chosen ones get the slow hash of passwords.
 */
export const hashClientSecret = async (hasher: SecretHasher, secret: string): Promise<string> =>
  isWellFormed('clientSecret', secret) ? fastPrefix + digestOf(secret) : hasher.hash(secret)

/** What an unknown client's secret is compared with, so that it takes the same path. */
const noSecret = fastPrefix + 'A'.repeat(43)

/** Chosen secrets that were verified, remembered at most. */
const rememberedAtMost = 1000

/** Longer ones are not hashed: hashing megabytes is a way to exhaust a server. */
const longestSecret = 1024

/** How client secrets are verified, shared by the methods that send one. */
export interface SecretCheck {
  /** A promise only where the secret has to be tried. */
  verify(...asked: Parameters<ClientAuthMethod['verify']>): boolean | Promise<boolean>
}

const isSlow = (client: Client | undefined): client is Client & { client_secret_hash: string } =>
  client?.client_secret_hash !== undefined && !client.client_secret_hash.startsWith(fastPrefix)

/**
 * Verifies client secrets. A chosen secret that was verified once is remembered by its digest together with the hash
 * it matched, so that the slow hash is not paid for on every token request; a changed secret has another hash and so
 * is not remembered.
 */
export function secretCheck(hasher: SecretHasher): SecretCheck {
  const verified = new Map<string, string>()
  const isRemembered = (hash: string, secret: string): boolean => {
    const known = verified.get(hash)
    return known !== undefined && equalDigests(known, digestOf(secret))
  }
  const tryOut = async (hash: string, secret: string, beforeGuess: () => Promise<void>): Promise<boolean> => {
    await beforeGuess()
    if (!(await hasher.verify(hash, secret))) return false
    if (verified.size >= rememberedAtMost) verified.delete(verified.keys().next().value ?? '')
    verified.set(hash, digestOf(secret))
    return true
  }
  const underWay = new Map<string, Promise<boolean>>()
  // A burst with one and the same secret, as after a start, is one guess and one slow hash.
  const tryOnce = (hash: string, secret: string, beforeGuess: () => Promise<void>): Promise<boolean> => {
    const what = `${digestOf(secret)} ${hash}`
    const sameTry = underWay.get(what)
    if (sameTry !== undefined) return sameTry
    const newTry = tryOut(hash, secret, beforeGuess).finally(() => underWay.delete(what))
    underWay.set(what, newTry)
    return newTry
  }
  const isSecretOf = (
    client: Client | undefined,
    secret: string,
    beforeGuess: () => Promise<void>,
  ): boolean | Promise<boolean> => {
    if (isSlow(client)) {
      const hash = client.client_secret_hash
      if (isRemembered(hash, secret)) return true
      return secret.length <= longestSecret && tryOnce(hash, secret, beforeGuess)
    }
    return equalDigests(client?.client_secret_hash ?? noSecret, fastPrefix + digestOf(secret)) && client !== undefined
  }
  const isHostsSecret = async (
    client: Client | undefined,
    secret: string,
    beforeGuess: () => Promise<void>,
    checkSecret: (secret: string) => boolean | Promise<boolean>,
  ): Promise<boolean> => {
    await beforeGuess()
    if (secret === '' || secret.length > longestSecret || (await checkSecret(secret)) !== true) return false
    return client?.client_secret_hash === undefined || isSecretOf(client, secret, beforeGuess)
  }
  return {
    verify(_engine, client, { secret = '' }, beforeGuess) {
      const checkSecret = client?.policy?.checkSecret
      return checkSecret === undefined
        ? isSecretOf(client, secret, beforeGuess)
        : isHostsSecret(client, secret, beforeGuess, checkSecret)
    },
  }
}
