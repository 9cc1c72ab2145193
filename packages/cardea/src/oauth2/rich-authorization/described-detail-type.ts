import type { AuthorizationDetail } from '../../core/model/grant-facts.ts'
import type { AuthorizationDetailType } from '../../core/ports/detail-types.ts'
import { areWithin, type DetailField, type DetailFields, fieldKinds, holdFields, linesOf } from './field-kinds.ts'

/** A type of authorization details in data instead of functions, as a configuration file has it. */
export interface DetailTypeDescription {
  /** What the page says that it is, such as `A payment from your account`. */
  readonly title: string
  /** Members besides `type`; no others are taken. */
  readonly fields: DetailFields
}

const deepest = 4

function checkField(where: string, given: unknown, depth: number): void {
  const { fields, label, type } = (given ?? {}) as Partial<DetailField>
  if (typeof label !== 'string' || label === '') throw new TypeError(`${where}: needs a label for people`)
  if (type === undefined || !Object.hasOwn(fieldKinds, type))
    throw new TypeError(
      `${where}: type must be one of ${Object.keys(fieldKinds).join(', ')}, got ${JSON.stringify(type)}`,
    )
  if ((type === 'object') !== (fields !== undefined))
    throw new TypeError(`${where}: an object, and nothing else, has fields`)
  if (fields !== undefined) checkFields(where, fields, depth + 1)
}

function checkFields(where: string, fields: DetailFields, depth: number): void {
  if (depth > deepest) throw new TypeError(`${where}: at most ${deepest} objects inside one another`)
  for (const [name, field] of Object.entries(fields)) checkField(`${where}.${name}`, field, depth)
}

const membersOf = ({ type: _type, ...members }: AuthorizationDetail) => members

/**
 * A type that is described in data: what its members may hold, what they are called, and which may be less at the token
 * endpoint.
 * @throws TypeError that names the field and what is wrong with it
 */
export function describedDetailType(name: string, { title, fields }: DetailTypeDescription): AuthorizationDetailType {
  const where = `authorizationDetails.${name}`
  if (typeof title !== 'string' || title === '') throw new TypeError(`${where}: needs a title for people`)
  if (typeof fields !== 'object' || fields === null) throw new TypeError(`${where}: needs fields`)
  if (Object.hasOwn(fields, 'type')) throw new TypeError(`${where}: type is always there, and no field`)
  checkFields(where, fields, 1)
  return {
    validate: (detail) => (holdFields(membersOf(detail), fields) ? detail : undefined),
    describe: (detail) => ({ title, lines: linesOf(membersOf(detail), fields) }),
    narrow: (granted, asked) => (areWithin(membersOf(granted), membersOf(asked), fields) ? asked : undefined),
  }
}
