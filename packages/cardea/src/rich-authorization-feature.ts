import type { MakeExtension } from './extension.ts'
import { detailsReader } from './oauth2/rich-authorization/details-reader.ts'

/** RFC 9396. */
export const richAuthorizationFeature: MakeExtension = ({ engine }) => {
  const types = Object.keys(engine.detailTypes)
  if (types.length === 0) return undefined
  return {
    factReaders: [detailsReader],
    // RFC 9396 §10.
    metadata: () => ({ authorization_details_types_supported: types }),
  }
}
