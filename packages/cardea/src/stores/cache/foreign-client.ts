/** A method of a client that the host brings; its types differ from release to release, so its shape is looked at. */
export type ForeignMethod = (...args: never[]) => unknown

export const hasMethod = (client: object, name: string): boolean =>
  typeof (client as Record<string, unknown>)[name] === 'function'
