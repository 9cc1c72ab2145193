import { isBusy } from './storage-failure.ts'

/** Milliseconds. Random, so that waiting processes do not stay in step. */
export const retryDelay = (): number => 5 + Math.random() * 20

/** Runs again while another process holds the lock, without holding up the event loop. `patience`: milliseconds. */
export async function untilFree<T>(patience: number, run: () => T): Promise<T> {
  const deadline = performance.now() + patience
  for (;;) {
    try {
      return run()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, retryDelay()))
  }
}
