import { startTestServer } from 'cardea/testing'
import { listen } from '../servers/listen.ts'
import { clients, john, secrets } from './actors.ts'
import type { AdapterUnderTest, Host, HostOptions, Setup, Started } from './setup.ts'

/** A host program in this process, on a free port, with the real engine in it. */
export async function startInProcess(
  setup: Setup,
  hostFor: (options: HostOptions) => Host | Promise<Host>,
): Promise<Started> {
  let stopHost: Host['close']
  const started: Partial<Pick<Started, 'events' | 'now' | 'issuer'>>[] = []
  const listening = await listen(async (port) => {
    const issuer = `http://127.0.0.1:${port}${setup.prefix}`
    const server = await startTestServer({ issuer, secrets, oauth1: true, clients: clients(), users: [john] })
    const options = setup.trusting ? { trustProxy: (address: string) => address.endsWith('127.0.0.1') } : {}
    const host = await hostFor({ ...setup, provider: server.provider, options })
    stopHost = host.close
    started.push({ issuer, events: server.events, now: () => server.clock.now() })
    return host.listener
  })
  const [{ issuer = '', events, now = () => 0 } = {}] = started
  return {
    issuer,
    origin: `http://127.0.0.1:${listening.port}`,
    now,
    events,
    async stop() {
      await stopHost?.()
      await listening.close()
    },
  }
}

/** An adapter of a framework that runs in this process. */
export const inProcess = (
  name: string,
  hostFor: (options: HostOptions) => Host | Promise<Host>,
  more: Omit<AdapterUnderTest, 'name' | 'start'>,
): AdapterUnderTest => ({ name, ...more, start: (setup) => startInProcess(setup, hostFor) })
