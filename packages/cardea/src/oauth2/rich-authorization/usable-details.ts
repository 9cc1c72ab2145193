import type { Client } from '../../core/model/client.ts'
import type { AuthorizationDetail, GrantFacts } from '../../core/model/grant-facts.ts'
import { usableDetailType } from '../../core/ports/detail-types.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'

/** RFC 9396 §5. */
export const invalidDetails = (reason: string, description: string): ProtocolError =>
  new ProtocolError('invalid_authorization_details', reason, { description })

/** Without those whose type is gone, or was taken from the client. */
export const stillUsable = (
  { detailTypes }: Engine,
  client: Client,
  details: readonly AuthorizationDetail[],
): readonly AuthorizationDetail[] =>
  details.filter(({ type }) => usableDetailType(detailTypes, client, type) !== undefined)

/** Whether a person can still be asked for all of them. */
export const isAllUsable = (engine: Engine, client: Client, { authorizationDetails = [] }: GrantFacts = {}): boolean =>
  stillUsable(engine, client, authorizationDetails).length === authorizationDetails.length
