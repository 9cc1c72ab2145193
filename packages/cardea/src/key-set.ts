import { keySetMaxAge } from './core/keys/key-times.ts'
import type { Engine } from './core/ports/engine.ts'
import type { MakeExtension } from './extension.ts'
import { json } from './http/response.ts'

async function published({ decryptionKeys, keys }: Engine) {
  const signing = await keys.published()
  return { keys: [...signing.keys, ...(await decryptionKeys.published())] }
}

/** RFC 7517 §5, RFC 8414 §2: the public keys by which others verify what this server has signed, and encrypt to it. */
export const keySet: MakeExtension = ({ engine, paths, refusals }) => {
  const { issuer } = engine.settings
  return {
    routes: [
      {
        name: 'jwks',
        paths: paths.jwks,
        methods: {
          // CORS headers answer an Origin only: a cached answer to a request without one must not be given to a script.
          GET: async () =>
            json(200, await published(engine), {
              'cache-control': `public, max-age=${keySetMaxAge}`,
              vary: 'Origin',
              pragma: [],
            }),
        },
        refuse: refusals.asJson,
        cors: true,
      },
    ],
    metadata: () => ({ jwks_uri: new URL(issuer).origin + paths.jwks[0] }),
  }
}
