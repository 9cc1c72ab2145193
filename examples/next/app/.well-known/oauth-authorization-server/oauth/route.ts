import { mount } from 'cardea/next'
import { provider } from '../../../../oauth.ts'

export const { GET, HEAD, OPTIONS } = mount(provider)
