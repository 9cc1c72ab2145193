import {
  authorizationCode,
  type Clock,
  clientCredentials,
  createProvider,
  type EventSink,
  type Grant,
  type Provider,
  type ProviderOptions,
  password,
  refreshToken,
  type SecretHasher,
  type Store,
} from 'cardea'
import { classedAccounts } from '../accounts/classed-accounts.ts'
import { rehashingAccounts } from '../accounts/rehashing-accounts.ts'
import { type AssertionFiles, assertionOptionsFrom } from '../config/assertion-schema.ts'
import { deviceGrantFrom } from '../config/device-schema.ts'
import { oauth1OptionFrom } from '../config/oauth1-schema.ts'
import { withPreset } from '../config/preset-schema.ts'
import { proofOptionsFrom } from '../config/proof-schema.ts'
import { registrationFrom } from '../config/registration-schema.ts'
import { requestOptionsFrom } from '../config/request-schema.ts'
import type { Config } from '../config/schema.ts'
import { tokenOptionsFrom } from '../config/token-schema.ts'

const grantMakers: Readonly<Record<NonNullable<Config['grants']>[number], () => Grant>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
  password,
}

export interface ProviderParts {
  readonly config: Omit<Config, 'issuer' | 'secrets'> & { readonly issuer: string; readonly secrets: readonly string[] }
  readonly store: Store
  readonly hasher: SecretHasher
  readonly clock: Clock
  readonly onEvent: EventSink
  /** Contents of the files that the configuration names. */
  readonly files?: AssertionFiles
}

/** What the configuration says. What is not said is left to the library and the profile. */
export function optionsFrom({ config, store, hasher, clock, onEvent, files = {} }: ProviderParts): ProviderOptions {
  const { issuer, secrets, title, profile, grants, lifetimes, limits, compatibility } = config
  const { responseTypes, responseModes, rotateRefreshTokens, errorUris } = config
  const options: ProviderOptions = {
    issuer,
    secrets,
    store,
    hasher,
    accounts: classedAccounts(rehashingAccounts(store.users, hasher), config.acrValues),
    clock,
    onEvent,
    oauth1: oauth1OptionFrom(config.oauth1),
    registration: registrationFrom(config.registration),
    deviceGrant: deviceGrantFrom(config.deviceGrant),
    lifetimes,
    limits,
    compatibility,
    ignoreClientRequestedScope: config.ignoreClientRequestedScope,
    refuseScopeNotAllowed: config.refuseScopeNotAllowed,
    paths: config.paths,
    ...tokenOptionsFrom(config),
    ...requestOptionsFrom(config),
    ...proofOptionsFrom(config),
    ...assertionOptionsFrom(config, files, store),
    ...(title !== undefined && { title }),
    ...(profile !== undefined && { profile }),
    ...(grants !== undefined && { grants: [...new Set(grants)].map((name) => grantMakers[name]()) }),
    ...(responseTypes !== undefined && { responseTypes: [...new Set(responseTypes)] }),
    ...(responseModes !== undefined && { responseModes: [...new Set(responseModes)] }),
    ...(rotateRefreshTokens !== undefined && { rotateRefreshTokens }),
    ...(errorUris !== undefined && { errorUris }),
  }
  return withPreset(options, config)
}

/** The engine as the configuration says. */
export const providerFrom = (parts: ProviderParts): Provider => createProvider(optionsFrom(parts))
