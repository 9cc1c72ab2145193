declare const brand: unique symbol

/** A value that was checked: only the function that checks it may mint the type. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
