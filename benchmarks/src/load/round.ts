import { processorMicroseconds } from '../process-usage.ts'
import { quantile } from '../statistics.ts'
import type { Step } from '../workloads/workload.ts'
import type { Connection } from './connection.ts'

const MOST_WRONG_ANSWERS = 100
/** For a server that is too slow to be warmed up by units. */
const LONGEST_WARM_UP_SECONDS = 3

export interface RoundPlan {
  /** Counted time, in seconds. */
  readonly seconds: number
  /** Time before it that loads the server but is not counted, in seconds. */
  readonly warmUpSeconds: number
  /** Units that are to be answered before it as well, however slow the machine is just now. Default 0. */
  readonly warmUpUnits?: number
  /** Process of the server, whose processor time is read. */
  readonly serverPid: number
}

export interface RoundResult {
  readonly good: number
  /** Wrong answers and broken connections, those of the warm-up included. */
  readonly bad: number
  readonly rps: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Processor time of the server per good unit, in microseconds. */
  readonly cpuMicroseconds: number
  /** The first thing that went wrong, or empty. */
  readonly complaint: string
}

/** One connection and the unit of work to repeat on it. */
export interface Worker {
  readonly connection: Connection
  readonly step: Step
}

/** Loads a server in a closed loop: every connection sends its next request as soon as it has its answer. */
export async function runRound(workers: readonly Worker[], plan: RoundPlan): Promise<RoundResult> {
  for (const { connection, step } of workers) {
    step.beforeRound?.()
    // The server may have closed it meanwhile, and nobody looked.
    connection.close()
  }
  const tally: Tally = { counting: false, stopped: false, uncounted: 0, latencies: [], bad: 0, complaint: '' }
  const loops = Promise.all(workers.map((worker) => repeat(worker, tally)))
  await Promise.race([warmUp(plan, tally), loops])
  tally.counting = true
  const cpuBefore = processorMicroseconds(plan.serverPid)
  const begun = performance.now()
  await Promise.race([sleep(plan.seconds), loops])
  const cpu = processorMicroseconds(plan.serverPid) - cpuBefore
  const elapsed = (performance.now() - begun) / 1000
  tally.counting = false
  tally.stopped = true
  await loops
  const good = tally.latencies.length
  return {
    good,
    bad: tally.bad,
    rps: good / elapsed,
    p50Ms: quantile(tally.latencies, 0.5),
    p99Ms: quantile(tally.latencies, 0.99),
    cpuMicroseconds: cpu / good,
    complaint: tally.complaint,
  }
}

interface Tally {
  counting: boolean
  stopped: boolean
  /** Units of the warm-up. */
  uncounted: number
  latencies: number[]
  bad: number
  complaint: string
}

async function warmUp({ warmUpSeconds, warmUpUnits = 0 }: RoundPlan, tally: Tally): Promise<void> {
  await sleep(warmUpSeconds)
  const latest = performance.now() + LONGEST_WARM_UP_SECONDS * 1000
  while (tally.uncounted < warmUpUnits && performance.now() < latest) await sleep(0.1)
}

async function repeat({ connection, step }: Worker, tally: Tally): Promise<void> {
  while (!tally.stopped && tally.bad < MOST_WRONG_ANSWERS) {
    const begun = performance.now()
    try {
      await step()
      if (tally.counting) tally.latencies.push(performance.now() - begun)
      else tally.uncounted++
    } catch (error) {
      tally.bad++
      tally.complaint ||= error instanceof Error ? error.message : String(error)
      connection.close()
    }
  }
  // Servers close idle connections while others are driven; a fresh one cannot be closed under a request.
  connection.close()
}

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))
