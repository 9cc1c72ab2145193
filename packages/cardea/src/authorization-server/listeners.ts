import type { EventListener, EventType } from '../core/ports/events.ts'
import type { Provider } from '../provider.ts'

interface Waiting {
  attach(provider: Provider): void
}

/** Listeners that come before there is anybody to listen to. */
export class Listeners {
  readonly #waiting = new Set<Waiting>()

  /** Returns what ends it. */
  add<T extends EventType>(type: T, listener: EventListener<T>, provider: Provider | undefined): () => void {
    if (provider !== undefined) return provider.on(type, listener)
    let end: (() => void) | undefined
    const waiting: Waiting = {
      attach(assembled) {
        end = assembled.on(type, listener)
      },
    }
    this.#waiting.add(waiting)
    return () => {
      this.#waiting.delete(waiting)
      end?.()
    }
  }

  attach(provider: Provider): void {
    for (const waiting of this.#waiting) waiting.attach(provider)
    this.#waiting.clear()
  }
}
