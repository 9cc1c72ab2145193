import { isJsonObject } from '../../core/crypto/jose/strict-json.ts'
import type { DetailLine } from '../../core/ports/detail-types.ts'

/** What one member of an authorization detail may hold. */
export interface DetailField {
  /** Shown to people, such as `Amount`. */
  readonly label: string
  /** `decimal`: a number as text, such as `123.50`. `texts`: a list. `object`: with `fields` of its own. */
  readonly type: 'text' | 'texts' | 'number' | 'decimal' | 'boolean' | 'object'
  /** Default false. */
  readonly required?: boolean
  /** Of `text` and `texts`: nothing but these. Default: any. */
  readonly values?: readonly string[]
  /** Of `text` and `texts`: most characters of each. Default 200. */
  readonly maxLength?: number
  /** Of `number` and `decimal`: at the token endpoint less may be asked for too (RFC 9396 §6.1). Default false. */
  readonly mayBeLess?: boolean
  /** Of `object`. */
  readonly fields?: DetailFields
}

/** By name of the member. */
export type DetailFields = Readonly<Record<string, DetailField>>

/** All there is to know about one type of field. */
interface FieldKind {
  holds(value: unknown, field: DetailField): boolean
  lines(value: unknown, field: DetailField): readonly DetailLine[]
  /** Whether what is asked is no more than what was granted. */
  isWithin(granted: unknown, asked: unknown, field: DetailField): boolean
}

const mostTexts = 50

const isText = (value: unknown, { maxLength = 200, values }: DetailField): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= maxLength &&
  !/[\p{Cc}\p{Bidi_Control}]/u.test(value) &&
  (values === undefined || values.includes(value))

const line = (value: unknown, { label }: DetailField): readonly DetailLine[] => [{ label, value: String(value) }]
const isSame = (granted: unknown, asked: unknown): boolean => granted === asked

/** Millionths, exactly: floating point would take some amounts for smaller than they are. */
const millionths = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(6, '0'))
}

const texts: FieldKind = {
  holds: (value, field) =>
    Array.isArray(value) && value.length > 0 && value.length <= mostTexts && value.every((text) => isText(text, field)),
  lines: (value, field) => line((value as readonly string[]).join(', '), field),
  isWithin: (granted, asked) =>
    (asked as readonly string[]).every((text) => (granted as readonly string[]).includes(text)),
}

const fieldsOf = ({ fields = {} }: DetailField): DetailFields => fields

export const fieldKinds: Readonly<Record<DetailField['type'], FieldKind>> = {
  text: { holds: isText, lines: line, isWithin: isSame },
  texts,
  number: {
    holds: (value) => typeof value === 'number' && Number.isFinite(value),
    lines: line,
    isWithin: (granted, asked, { mayBeLess = false }) =>
      granted === asked || (mayBeLess && (asked as number) >= 0 && (asked as number) < (granted as number)),
  },
  decimal: {
    holds: (value) => typeof value === 'string' && /^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(value),
    lines: line,
    isWithin: (granted, asked, { mayBeLess = false }) =>
      granted === asked || (mayBeLess && millionths(asked as string) <= millionths(granted as string)),
  },
  boolean: {
    holds: (value) => typeof value === 'boolean',
    lines: (value, { label }) => [{ label, value: value === true ? 'Yes' : 'No' }],
    isWithin: isSame,
  },
  object: {
    holds: (value, field) => isJsonObject(value) && holdFields(value, fieldsOf(field)),
    lines: (value, field) => linesOf(value as Members, fieldsOf(field)),
    isWithin: (granted, asked, field) => areWithin(granted as Members, asked as Members, fieldsOf(field)),
  },
}

/** The members of a detail that are described. */
export type Members = Readonly<Record<string, unknown>>

/** Every member is a known one and holds what it may, and those that are required are there. */
export function holdFields(members: Members, fields: DetailFields): boolean {
  const areKnown = Object.keys(members).every((name) => Object.hasOwn(fields, name))
  return (
    areKnown &&
    Object.entries(fields).every(([name, field]) =>
      Object.hasOwn(members, name) ? fieldKinds[field.type].holds(members[name], field) : field.required !== true,
    )
  )
}

/** In the order in which the fields are described. */
export const linesOf = (members: Members, fields: DetailFields): readonly DetailLine[] =>
  Object.entries(fields).flatMap(([name, field]) =>
    Object.hasOwn(members, name) ? fieldKinds[field.type].lines(members[name], field) : [],
  )

/** Nobody knows whether a member that is not there allows nothing or everything: both have the same ones. */
export const areWithin = (granted: Members, asked: Members, fields: DetailFields): boolean =>
  Object.entries(fields).every(([name, field]) => {
    if (Object.hasOwn(granted, name) !== Object.hasOwn(asked, name)) return false
    return !Object.hasOwn(asked, name) || fieldKinds[field.type].isWithin(granted[name], asked[name], field)
  })
