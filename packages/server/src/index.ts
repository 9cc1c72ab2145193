import type { ConfigInput } from './config/schema.ts'

export type { Config, ConfigInput } from './config/schema.ts'

/** Gives `cardea.config.ts` its types: `export default defineConfig({ issuer: … })`. */
export const defineConfig = (config: ConfigInput): ConfigInput => config
