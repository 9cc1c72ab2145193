/** Where the store tells the operator what it does; pino and its like fit as they are. */
export interface StoreLogger {
  /** What an operator may want to know. */
  info(fields: object, message: string): void
  /** What an operator should look at. */
  warn(fields: object, message: string): void
}

export const silent: StoreLogger = { info() {}, warn() {} }
