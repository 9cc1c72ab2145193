import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { GeneratorAnswer, GeneratorOrder } from './load/generator.ts'
import type { RoundResult } from './load/round.ts'
import type { Pinning } from './pinning.ts'

const PROGRAM = fileURLToPath(new URL('./load/generator.ts', import.meta.url))

/** The process that makes the load, so that its work never shares a thread with the measuring. */
export interface LoadGenerator {
  /** Runs one round. Rejects when the server could not be prepared for the workload. */
  run(order: GeneratorOrder): Promise<RoundResult>
  stop(): void
}

export function startLoadGenerator(pinning: Pinning, signal: AbortSignal): LoadGenerator {
  const [command = '', ...args] = [...pinning.generator, process.execPath, PROGRAM]
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], signal })
  child.on('error', () => undefined)
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the load generator ended')))
  ended.catch(() => undefined)
  return {
    async run(order) {
      child.send(order)
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [GeneratorAnswer]
      if ('failure' in answer) throw new Error(answer.failure)
      return answer
    },
    stop: () => child.connected && child.disconnect(),
  }
}
