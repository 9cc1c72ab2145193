import { parseArgs } from 'node:util'
import { fuzzOAuth1, summaryOf } from './oauth1-fuzz.ts'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '50000' }, seed: { type: 'string', default: '1' } },
})
const started = performance.now()
const options = { requests: Number(values.requests), seed: Number(values.seed), overSocket: 0.1 }
const result = await fuzzOAuth1({ ...options, progress: (text) => console.log(text) })
console.log(summaryOf(result))
console.log(`no failure, no hang, ${((performance.now() - started) / 1000).toFixed(1)} s`)
