import { mount } from 'cardea/next'
import { provider } from '../../../oauth.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = mount(provider)
