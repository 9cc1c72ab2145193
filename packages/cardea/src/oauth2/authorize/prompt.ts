/** OpenID Connect Core §3.1.2.1: what a person has to be asked, or may not be asked. */
export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** All there are. */
export const prompts: readonly Prompt[] = ['none', 'login', 'consent', 'select_account']
