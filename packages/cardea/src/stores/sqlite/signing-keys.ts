import type { SigningKey, SigningKeyState } from '../../core/model/signing-key.ts'
import type { SigningKeys } from '../../core/ports/signing-keys.ts'
import type { Database } from './database.ts'
import type { Draft } from './row-values.ts'

interface SigningKeyRow {
  readonly kid: string
  readonly alg: string
  readonly key_use: SigningKey['use']
  readonly state: SigningKeyState
  readonly public_jwk: string
  readonly sealed_private_jwk: string
  readonly created_at: number
  readonly activated_at: number | null
  readonly retired_at: number | null
  readonly expires_at: number | null
}

function keyFrom(row: SigningKeyRow): SigningKey {
  const key: Draft<SigningKey> = {
    kid: row.kid,
    alg: row.alg,
    use: row.key_use,
    state: row.state,
    publicJwk: JSON.parse(row.public_jwk),
    sealedPrivateJwk: row.sealed_private_jwk,
    createdAt: row.created_at,
  }
  if (row.activated_at !== null) key.activatedAt = row.activated_at
  if (row.retired_at !== null) key.retiredAt = row.retired_at
  if (row.expires_at !== null) key.expiresAt = row.expires_at
  return key
}

export function sqliteSigningKeys(db: Database): SigningKeys {
  const all = db.prepare<SigningKeyRow>('SELECT * FROM signing_keys ORDER BY created_at, kid')
  const find = db.prepare<SigningKeyRow>('SELECT * FROM signing_keys WHERE kid = ?')
  const save = db.prepare(
    `INSERT INTO signing_keys (kid, alg, key_use, state, public_jwk, sealed_private_jwk, created_at, activated_at,
       retired_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kid) DO UPDATE SET alg = excluded.alg, key_use = excluded.key_use, state = excluded.state,
       public_jwk = excluded.public_jwk, sealed_private_jwk = excluded.sealed_private_jwk,
       created_at = excluded.created_at, activated_at = excluded.activated_at, retired_at = excluded.retired_at,
       expires_at = excluded.expires_at`,
  )
  const retire = db.prepare(
    `UPDATE signing_keys SET state = 'retired', retired_at = ?, expires_at = ?
     WHERE state = 'active' AND key_use = ? AND alg = ?`,
  )
  const activate = db.prepare("UPDATE signing_keys SET state = 'active', activated_at = ? WHERE kid = ?")
  const reseal = db.prepare('UPDATE signing_keys SET sealed_private_jwk = ? WHERE kid = ? AND sealed_private_jwk = ?')
  const remove = db.prepare('DELETE FROM signing_keys WHERE kid = ?')
  return {
    all: () => db.read(() => all.all().map(keyFrom)),
    save: (key) =>
      db.write(() => {
        const { kid, alg, use, state, publicJwk, sealedPrivateJwk, createdAt } = key
        const { activatedAt = null, retiredAt = null, expiresAt = null } = key
        const published = JSON.stringify(publicJwk)
        save.run(kid, alg, use, state, published, sealedPrivateJwk, createdAt, activatedAt, retiredAt, expiresAt)
      }),
    promote: (kid, at, retiredUntil) =>
      db.write(() => {
        const next = find.get(kid)
        if (next?.state !== 'next') return false
        retire.run(at, retiredUntil, next.key_use, next.alg)
        activate.run(at, kid)
        return true
      }),
    reseal: (kid, from, to) => db.write(() => reseal.run(to, kid, from).changes > 0),
    delete: (kid) => db.write(() => remove.run(kid).changes > 0),
  }
}
