import type { DecryptionKeys } from '../ports/decryption-keys.ts'
import type { KeyRotation, RotateOptions, ServerKeys } from '../ports/server-keys.ts'

/** Replaces the keys that sign and those that others encrypt to. */
export async function rotateAll(
  { decryptionKeys, keys }: { readonly decryptionKeys: DecryptionKeys; readonly keys: ServerKeys },
  options: RotateOptions | undefined,
): Promise<readonly KeyRotation[]> {
  return [...(await keys.rotate(options)), ...(await decryptionKeys.rotate(options))]
}
