/** Slow hash for what people choose: passwords, and client secrets that were not generated. */
export interface SecretHasher {
  /** PHC string. */
  hash(secret: string): Promise<string>
  /** False for a wrong secret and for a string it cannot read. */
  verify(hash: string, secret: string): Promise<boolean>
}
