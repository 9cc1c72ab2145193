import type { MakeExtension } from './extension.ts'
import { resourceReader } from './oauth2/resources/resource-reader.ts'

/** RFC 8707: what tokens are for. Nothing is looked up unless a request or an option names a resource. */
export const resourceIndicators: MakeExtension = () => ({ factReaders: [resourceReader] })
