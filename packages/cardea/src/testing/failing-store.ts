import type { Store } from '../core/ports/store.ts'
import { StorageUnavailable } from '../core/spec/storage-error.ts'

/** A store whose n-th call fails, once, and does nothing. */
export interface FailingStore extends Store {
  /** Counts from the next call on, which is number 1. */
  failAt(call: number): void
  /** Fails no more. Returns whether the failure happened. */
  heal(): boolean
}

/** Puts failures in front of a store, as a full disk or a lost connection would. */
export function failingStore(inner: Store): FailingStore {
  let left = Number.POSITIVE_INFINITY
  let failed = false
  const step = (): void => {
    left -= 1
    if (left !== 0) return
    failed = true
    throw new StorageUnavailable('made to fail')
  }
  const faulty = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const verb: unknown = Reflect.get(target, name)
        if (typeof verb !== 'function') return verb
        return async (...args: unknown[]) => {
          step()
          return Reflect.apply(verb, target, args)
        }
      },
    })
  const ports = Object.entries(inner).map(([name, port]) =>
    typeof port === 'object' && port !== null ? [name, faulty(port)] : [name, port],
  )
  return {
    ...(Object.fromEntries(ports) as Store),
    failAt(call) {
      left = call
      failed = false
    },
    heal() {
      left = Number.POSITIVE_INFINITY
      return failed
    },
  }
}
