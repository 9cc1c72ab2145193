/** Where the store tells the operator what it does; pino and its like fit as they are. */
export interface StoreLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

export const silent: StoreLogger = { info() {}, warn() {} }
