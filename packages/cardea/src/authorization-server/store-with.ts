import type { Store } from '../core/ports/store.ts'

/** A store with some ports replaced. Not by a copy: a host's store may be an object of a class, with verbs of its own. */
export const storeWith = (store: Store, ports: Partial<Store>): Store =>
  new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(ports, name)) return Reflect.get(ports, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
