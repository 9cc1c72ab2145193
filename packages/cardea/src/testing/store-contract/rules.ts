import { test } from 'node:test'
import type { Store } from '../../core/ports/store.ts'

/** Registers one rule; its body gets an empty store of its own. */
export type Rules = (title: string, body: (store: Store) => Promise<void>) => void

export const rulesFor =
  (open: () => Promise<Store> | Store): Rules =>
  (title, body) => {
    test(title, async () => {
      const store = await open()
      try {
        await body(store)
      } finally {
        await store.close()
      }
    })
  }
