import type { Logger } from 'pino'
import type { World } from '../cli/world.ts'
import { errorRecord } from './event-log.ts'
import type { RunningServer } from './running-server.ts'

/** 128 + SIGINT, as shells say it. */
const interrupted = 130

/** Serves until SIGINT or SIGTERM, then drains; a second one ends the process at once. */
export async function untilStopped(server: RunningServer, world: World, log: Logger): Promise<void> {
  world.onCrash((error) => {
    log.fatal({ error: errorRecord(error) }, 'an error that nobody caught: stopping')
    world.logSink.flushSync?.()
  })
  let stopping: Promise<number> | undefined
  await new Promise<void>((resolve, reject) => {
    const ignore = world.onStop((signal) => {
      if (stopping !== undefined) {
        world.endNow(interrupted)
        return
      }
      log.info({ signal }, 'stopping: finishing what was accepted')
      stopping = server.stop()
      stopping.then(
        (cutOff) => {
          ignore()
          if (cutOff > 0) log.warn({ requests: cutOff }, 'stopped; some requests took too long and were cut off')
          else log.info('stopped')
          resolve()
        },
        (error: unknown) => {
          ignore()
          reject(error)
        },
      )
    })
  })
}
