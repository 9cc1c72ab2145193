import type { HttpRequest } from '../../http/request.ts'
import type { Endpoint } from '../endpoint.ts'
import { deleteClient, readClient, updateClient } from './manage.ts'
import { type RegistrationParts, register } from './register.ts'

/** RFC 7591 §3: the client registration endpoint. */
export const registrationEndpoint = (parts: RegistrationParts): Endpoint => ({
  name: 'registration',
  methods: { POST: ({ request }) => register(parts, request) },
  cors: true,
  metadata: (url) => ({ registration_endpoint: url }),
})

/** RFC 7592 §2: the client configuration endpoint, one address for each client. */
export function managementEndpoint(parts: RegistrationParts, paths: readonly string[]): Endpoint {
  const clientIdIn = ({ path }: HttpRequest): string => {
    const below = paths.find((one) => path.startsWith(`${one}/`)) ?? ''
    return path.slice(below.length + 1)
  }
  return {
    name: 'registration-management',
    methods: {
      GET: ({ request }) => readClient(parts, request, clientIdIn(request)),
      PUT: ({ request }) => updateClient(parts, request, clientIdIn(request)),
      DELETE: ({ request }) => deleteClient(parts, request, clientIdIn(request)),
    },
    cors: true,
  }
}
