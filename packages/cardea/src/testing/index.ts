export { type FakeClock, fakeClock } from './fake-clock.ts'
export { fastHasher } from './fast-hasher.ts'
export { type StoreContractOptions, storeContract } from './store-contract/index.ts'
export { oauth1ShortTermContract } from './store-contract/oauth1-short-term.ts'
export {
  basic,
  clientFrom,
  type PostOptions,
  startTestServer,
  type TestClient,
  type TestServer,
  type TestServerOptions,
  type TestUser,
  testScopes,
} from './test-server.ts'
export { formsOf, type PageForm, type Send, UserAgent } from './user-agent.ts'
