type OnMethod = (target: object, property: string, descriptor: PropertyDescriptor) => unknown
type OnParameter = (target: object, property: string, index: number) => void

/** What `@decorator` before a method says; Node.js runs no decorator syntax. */
export function onMethod(target: { readonly prototype: object }, name: string, ...decorators: OnMethod[]): void {
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, name)
  if (descriptor === undefined) throw new TypeError(`there is no method ${name}`)
  for (const decorator of decorators) decorator(target.prototype, name, descriptor)
}

/** What `@decorator` before a parameter says. */
export function onParameter(
  target: { readonly prototype: object },
  name: string,
  index: number,
  decorator: OnParameter,
): void {
  decorator(target.prototype, name, index)
}
