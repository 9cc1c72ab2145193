/** Credentials that every character in them has broken some implementation of RFC 6749 §2.3.1. */
export const hostileCredentials = {
  // RFC 6749 Appendix A.1: an id is printable ASCII.
  id: 'web:app %2B+&="/~\'()*!',
  /** For libraries that hold themselves to the printable ASCII of Appendix A.2. */
  asciiSecret: 'p:ss%41+w rd&="/~\'()*!',
  secret: "p:ss%41+w rd&=ü ß 秘密 🗝️ ~'()*!",
} as const
