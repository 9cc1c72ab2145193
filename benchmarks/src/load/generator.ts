import { type WorkloadName, workloads } from '../workloads/list.ts'
import { Connection } from './connection.ts'
import { type RoundPlan, type RoundResult, runRound, type Worker } from './round.ts'
import type { Target } from './target.ts'

/** What the parent process asks for: one round against one server. */
export interface GeneratorOrder extends RoundPlan {
  readonly workload: WorkloadName
  readonly target: Target
  readonly connections: number
}

export type GeneratorAnswer = RoundResult | { readonly failure: string }

// Sessions and tokens of a server live on between its rounds, so that each round needs no new sign-ins.
const prepared = new Map<string, Promise<Worker[]>>()

function prepare({ workload, target, connections, serverPid }: GeneratorOrder): Promise<Worker[]> {
  const key = `${workload} ${serverPid} ${connections}`
  const workers = prepared.get(key) ?? newWorkers(connections, workload, target)
  prepared.set(key, workers)
  return workers
}

/** One after the other: a server may well take many sign-ins of one user at the same moment for guessing. */
async function newWorkers(count: number, workload: WorkloadName, target: Target): Promise<Worker[]> {
  const workers: Worker[] = []
  while (workers.length < count) workers.push(await newWorker(workload, target))
  return workers
}

async function newWorker(workload: WorkloadName, target: Target): Promise<Worker> {
  const connection = new Connection(target.port)
  return { connection, step: await workloads[workload](connection, target) }
}

async function carryOut(order: GeneratorOrder): Promise<GeneratorAnswer> {
  try {
    return await runRound(await prepare(order), order)
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', async (order: GeneratorOrder) => process.send?.(await carryOut(order)))
process.on('disconnect', () => process.exit())
