import { connect, type Socket } from 'node:net'
import { formatRequest, type HttpRequest } from './http-request.ts'
import { type HttpResponse, takeResponse } from './http-response.ts'

const ANSWER_TIMEOUT_MS = 10_000

interface Waiting {
  resolve(response: HttpResponse): void
  reject(error: Error): void
}

/** One keep-alive connection to a server on loopback; one request at a time, reconnects when it was closed. */
export class Connection {
  readonly #port: number
  #socket: Socket | undefined
  #received = ''
  #waiting: Waiting | undefined

  constructor(port: number) {
    this.#port = port
  }

  send(request: HttpRequest): Promise<HttpResponse> {
    return this.sendText(formatRequest(this.#port, request))
  }

  /** Sends a request that was formatted before; rejects when no whole answer comes within 10 seconds. */
  sendText(text: string): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket ??= this.#open()
      this.#socket.write(text, 'latin1')
    })
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
    this.#received = ''
  }

  #open(): Socket {
    const socket = connect(this.#port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
    socket.on('data', (text: string) => this.#socket === socket && this.#receive(text))
    socket.on('error', (error) => this.#socket === socket && this.#fail(error))
    socket.on('close', () => this.#socket === socket && this.#closed())
    return socket
  }

  #receive(text: string): void {
    this.#received += text
    this.#settle(false)
  }

  #closed(): void {
    this.#settle(true)
    this.#fail(new Error('the server closed the connection'))
  }

  #settle(closed: boolean): void {
    const waiting = this.#waiting
    if (!waiting) return
    try {
      const taken = takeResponse(this.#received, closed)
      if (!taken) return
      this.#received = taken.rest
      this.#waiting = undefined
      if (/\r\nconnection:[ \t]*close/i.test(taken.response.head)) this.close()
      waiting.resolve(taken.response)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.close()
    waiting?.reject(error)
  }
}
