/**
 * A store or port with some members replaced. Not a copy: what a host gives may be an object of a class, and a port that
 * gains a verb keeps it.
 */
export const replacing = <T extends object>(given: T, members: Partial<T>): T =>
  new Proxy(given, {
    get(target, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
