/** Runs at most `parallel` jobs at once and keeps at most `waiting` more; refuses what comes beyond. */
export interface BoundedQueue {
  /** @throws what `refusal` makes, when the queue is full */
  run<T>(job: () => Promise<T>): Promise<T>
}

export function boundedQueue(parallel: number, waiting: number, refusal: () => Error): BoundedQueue {
  const queue: (() => void)[] = []
  let running = 0
  const leave = (): void => {
    const next = queue.shift()
    // The place is handed on without being counted free in between, so that nobody overtakes.
    if (next === undefined) running -= 1
    else next()
  }
  const enter = (): Promise<void> => {
    if (running < parallel) {
      running += 1
      return Promise.resolve()
    }
    if (queue.length >= waiting) return Promise.reject(refusal())
    return new Promise((resolve) => queue.push(resolve))
  }
  return {
    async run(job) {
      await enter()
      try {
        return await job()
      } finally {
        leave()
      }
    },
  }
}
