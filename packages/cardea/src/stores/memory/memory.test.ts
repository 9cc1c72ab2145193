import { storeContract } from '../../testing/store-contract/index.ts'
import { memoryStore } from './index.ts'

storeContract('memory', () => memoryStore())
