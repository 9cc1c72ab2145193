import { parseArgs } from 'node:util'
import { type FuzzOptions, fuzz, summaryOf } from './fuzz.ts'
import { oauth1Subject } from './oauth1-targets.ts'
import { oauth2Subject } from './oauth2-targets.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    subject: { type: 'string', default: 'oauth1' },
  },
})
const started = performance.now()
const progress = (text: string) => console.log(text)
const options: FuzzOptions = { requests: Number(values.requests), seed: Number(values.seed), overSocket: 0.1, progress }
const result = await (values.subject === 'oauth2' ? fuzz(oauth2Subject, options) : fuzz(oauth1Subject, options))
console.log(summaryOf(result))
console.log(`no failure, no hang, ${((performance.now() - started) / 1000).toFixed(1)} s`)
