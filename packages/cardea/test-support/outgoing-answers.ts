import { OutgoingFailed, type OutgoingOptions } from '../src/index.ts'

/** What a server elsewhere answers. */
export interface RemoteAnswer {
  /** Default 200. */
  readonly status?: number
  readonly type: string
  readonly body: string
}

/** Servers elsewhere, by address: those without an answer cannot be reached. */
export function outgoingTo() {
  const answers = new Map<string, RemoteAnswer>()
  const asked: string[] = []
  const options: OutgoingOptions = {
    transport: async ({ url, inspect, count }) => {
      asked.push(url.href)
      const answer = answers.get(url.href)
      if (answer === undefined) throw new OutgoingFailed('unreachable', url.host)
      const head = {
        status: answer.status ?? 200,
        header: (name: string) => (name === 'content-type' ? answer.type : undefined),
      }
      inspect(head)
      const body = Buffer.from(answer.body)
      count(body.length)
      return { ...head, body }
    },
  }
  return { answers, asked, options }
}
