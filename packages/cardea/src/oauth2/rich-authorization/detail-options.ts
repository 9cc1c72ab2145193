import type { AuthorizationDetailTypes } from '../../core/ports/detail-types.ts'

/** @throws TypeError that names the type and what is wrong with it */
export function checkedDetailTypes(types: AuthorizationDetailTypes = {}): AuthorizationDetailTypes {
  if (typeof types !== 'object' || types === null || Array.isArray(types))
    throw new TypeError('authorizationDetails: must hold types by name')
  for (const [name, type] of Object.entries(types)) {
    const { describe, narrow, validate } = (type ?? {}) as Partial<typeof type>
    if (typeof validate !== 'function' || typeof describe !== 'function')
      throw new TypeError(`authorizationDetails.${name}: must have validate and describe`)
    if (narrow !== undefined && typeof narrow !== 'function')
      throw new TypeError(`authorizationDetails.${name}: narrow must be a function`)
  }
  return types
}
