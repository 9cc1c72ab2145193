import type { DeviceRequest } from '../model/device-request.ts'
import type { TokenDigest } from '../model/digest.ts'

/** Devices that wait for a person (RFC 8628). Approved and redeemed through the ledger. */
export interface DeviceRequests {
  /** False, and nothing is saved, where the user code is in use: a person could then approve another device. */
  save(request: DeviceRequest): Promise<boolean>
  /** Also finds a decided, spent or expired one, until `deviceRequestKept` seconds after its end. */
  find(digest: TokenDigest): Promise<DeviceRequest | undefined>
  /** By the digest of the code that a person has typed in. */
  findByUserCode(userCode: TokenDigest): Promise<DeviceRequest | undefined>
  /** Atomic: the first user who claims it has it, and gets `true` again; everybody else gets `false`. */
  claim(digest: TokenDigest, userId: string): Promise<boolean>
  /**
   * Atomic and durable: of any number of concurrent denials and approvals exactly one counts, ever. Returns whether this
   * did: it was neither decided, nor expired, nor claimed by somebody else.
   */
  deny(digest: TokenDigest, userId: string, at: number): Promise<boolean>
  /**
   * Atomic: notes a poll. `slow_down`: it came within the interval, which is now `longer` seconds longer
   * (RFC 8628 §3.5). Undefined: there is none.
   */
  poll(digest: TokenDigest, at: number, longer: number): Promise<'ok' | 'slow_down' | undefined>
}
