/** What the process ends with. Stable: scripts rely on it. */
export const exitCode = {
  ok: 0,
  /** It was tried and did not work (storage, network, a check of `doctor`). */
  failed: 1,
  /** Wrong usage, an invalid value or configuration; nothing was started or changed. */
  usage: 2,
  notFound: 3,
  /** What should be created is there already. */
  exists: 4,
} as const

/** Ends a command with one line for the person and a code for the script. */
export class CommandFailure extends Error {
  readonly code: number

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandFailure'
    this.code = code
  }
}

export const usage = (message: string): CommandFailure => new CommandFailure(exitCode.usage, message)

export const notFound = (kind: string, key: string): CommandFailure =>
  new CommandFailure(exitCode.notFound, `There is no ${kind} ${JSON.stringify(key)}`)

export const alreadyThere = (kind: string, key: string): CommandFailure =>
  new CommandFailure(exitCode.exists, `There already is a ${kind} ${JSON.stringify(key)}: use update`)
