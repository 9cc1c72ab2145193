/** Express 4 under another name, for what both versions have. */
declare module 'express4' {
  import express from 'express'

  export default express
}
