import { readdirSync, readFileSync } from 'node:fs'

/** Processor time that a process, its threads and its children have used so far, in microseconds. Linux only. */
export function processorMicroseconds(pid: number): number {
  return family(pid).reduce((sum, member) => sum + ownProcessorMicroseconds(member), 0)
}

/** The most memory that a process and its children ever held (VmHWM), in MB of 1024 × 1024 bytes. */
export function peakResidentMegabytes(pid: number): number {
  return family(pid).reduce((sum, member) => sum + statusKilobytes(member, 'VmHWM'), 0) / 1024
}

/** The memory that a process and its children hold now (VmRSS), in MB of 1024 × 1024 bytes. */
export function residentMegabytes(pid: number): number {
  return family(pid).reduce((sum, member) => sum + statusKilobytes(member, 'VmRSS'), 0) / 1024
}

// schedstat counts nanoseconds per thread; the clock ticks of /proc/PID/stat are 10 ms coarse.
function ownProcessorMicroseconds(pid: number): number {
  const scheduled = threads(pid).map((thread) => read(`/proc/${pid}/task/${thread}/schedstat`))
  if (scheduled.some((text) => text !== '')) {
    return scheduled.reduce((sum, text) => sum + Number(text.split(' ', 1)[0]), 0) / 1000
  }
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000
}

function family(pid: number): number[] {
  const children = threads(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '))
  return [pid, ...children.filter((child) => /^\d/.test(child)).flatMap((child) => family(Number(child)))]
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function statusKilobytes(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
