import type { HttpResponse } from '../http/response.ts'

/** The answer where there is none that could be sent. */
export const serverFailed: HttpResponse = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"error":"server_error"}',
}
