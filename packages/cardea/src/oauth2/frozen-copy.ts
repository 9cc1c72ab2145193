const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Of the request, a hook reads the body and what the runtime put beside it: it is handed on as it is. */
const handedOn: readonly string[] = ['request', 'params']

/**
 * A copy of lists and records, to their depth, that nobody can alter: the original goes on being used, and may be what a
 * store keeps. Anything else is handed on as it is.
 */
export function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value
  if (!isPlain(value)) return value
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    handedOn.includes(name) ? member : frozenCopy(member),
  ])
  return Object.freeze(Object.fromEntries(entries))
}
