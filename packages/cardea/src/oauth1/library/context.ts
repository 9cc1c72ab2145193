import { type OAuth1Context, oauth1Context } from '../context.ts'
import { type OAuth1Options, resolvedOAuth1 } from '../options.ts'
import { checkShortTerm } from '../short-term-option.ts'
import { splitStorage, storeStorage } from '../store-storage.ts'
import { hookShortTerm } from './hook-short-term.ts'
import type { HookTable } from './hooks.ts'
import { hostStorage } from './host-storage.ts'
import { libraryEngine, type OAuth1LibraryOptions } from './options.ts'

const ownOptions = [
  'issuer',
  'secrets',
  'store',
  'clients',
  'tokens',
  'shortTerm',
  'users',
  'scopes',
  'clock',
  'onEvent',
  'trustProxy',
  'maxBodyBytes',
  'realm',
  'title',
]

/** Whatever is none of ours is an option of the protocol, or refused there by name. */
const protocolOptions = (options: OAuth1LibraryOptions): OAuth1Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !ownOptions.includes(name)))

/** What would otherwise fail on every request. */
function mustBeUsable({ generateToken, scopes, shortTerm, users }: OAuth1LibraryOptions): void {
  checkShortTerm('shortTerm', shortTerm)
  if (users != null && typeof users.find !== 'function') throw new TypeError('users: must have find(userId)')
  if (scopes !== undefined && !Array.isArray(scopes))
    throw new TypeError('scopes: must be a list of { name, description, is_default }')
  if (generateToken !== undefined && typeof generateToken !== 'function')
    throw new TypeError('generateToken: must be a function that makes { token, secret }')
}

/** @throws TypeError that names the option, what it got and what is valid */
export function libraryContext(
  options: OAuth1LibraryOptions,
  hooks: HookTable,
  replaces?: OAuth1Context,
): OAuth1Context {
  const { clients, shortTerm, store, tokens } = options
  mustBeUsable(options)
  const engine = libraryEngine(options)
  const resolved = resolvedOAuth1(protocolOptions(options))
  if (store !== undefined && (clients ?? tokens) !== undefined) {
    throw new TypeError('clients, tokens: are of no use beside a store, which has its own')
  }
  if (store !== undefined) {
    // The host's users need not be in the store: whether one still is there, `users` says.
    const kept = { store, accounts: { inStore: false } }
    const storage = shortTerm === undefined ? storeStorage(kept) : splitStorage(kept, shortTerm)
    return oauth1Context({ engine, storage, replaces, ...resolved })
  }
  if (typeof clients?.find !== 'function')
    throw new TypeError('clients: are needed, with find(consumerKey), or a store')
  const storage = hostStorage({
    keyring: engine.keyring,
    clients,
    tokens,
    shortTerm: hookShortTerm(hooks, shortTerm),
    hooks,
    verifierAttempts: resolved.settings.verifierAttempts,
  })
  return oauth1Context({ engine, storage, replaces, ...resolved })
}
