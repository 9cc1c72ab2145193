import type { CardeaEvent, Emit, EventListener, EventSink, EventType } from './core/ports/events.ts'

/** Where events are told and heard. */
export interface EventHub {
  readonly emit: Emit
  /** Returns what ends it. */
  on<T extends EventType>(type: T, listener: EventListener<T>): () => void
}

type Heard = (event: CardeaEvent) => unknown

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const failed = (error: unknown): void => console.error('cardea: a listener of events failed', error)

/** Undefined once it is done; never throws. */
function told(listener: Heard, event: CardeaEvent): PromiseLike<unknown> | undefined {
  try {
    const result = listener(event)
    return isThenable(result) ? result : undefined
  } catch (error) {
    failed(error)
    return undefined
  }
}

async function tellTheRest(first: PromiseLike<unknown>, rest: readonly Heard[], event: CardeaEvent): Promise<void> {
  await Promise.resolve(first).catch(failed)
  for (const listener of rest) await Promise.resolve(told(listener, event)).catch(failed)
}

/** Tells everybody in order. Waits, and lets the caller wait, only while somebody is at it. */
function tell(listeners: readonly Heard[], event: CardeaEvent): Promise<void> | undefined {
  for (let index = 0; index < listeners.length; index += 1) {
    const pending = told(listeners[index] as Heard, event)
    if (pending !== undefined) return tellTheRest(pending, listeners.slice(index + 1), event)
  }
  return undefined
}

export function eventHub(onEvent: EventSink | undefined): EventHub {
  const all: readonly Heard[] = onEvent === undefined ? [] : [onEvent]
  // Lists are replaced, never changed: who comes or goes while an event is told does not alter who hears of it.
  const byType = new Map<EventType, readonly Heard[]>()
  return {
    emit: (event) => tell(byType.get(event.type) ?? all, event),
    on(type, listener) {
      // Whoever listens twice is told twice, and each is ended by its own.
      const heard: Heard = (event) => listener(event as Parameters<typeof listener>[0])
      byType.set(type, [...(byType.get(type) ?? all), heard])
      return () => {
        byType.set(
          type,
          (byType.get(type) ?? all).filter((other) => other !== heard),
        )
      }
    },
  }
}
