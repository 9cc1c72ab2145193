export { type McpOptions, mcp } from '../presets/mcp.ts'
export {
  type McpAuthInfo,
  type McpTokenVerifier,
  type McpTokenVerifierOptions,
  mcpTokenVerifier,
} from './token-verifier.ts'
