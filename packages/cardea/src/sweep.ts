import type { Engine } from './core/ports/engine.ts'
import type { Extension } from './extension.ts'

/** One step of everything that keeps data bounded; returns how many rows went. */
export async function sweepAll(engine: Engine, extensions: readonly Extension[], limit: number): Promise<number> {
  const at = engine.clock.now()
  let removed = await engine.store.housekeeping.sweep(at, limit)
  for (const extension of extensions) removed += (await extension.sweep?.(at, limit)) ?? 0
  return removed
}
