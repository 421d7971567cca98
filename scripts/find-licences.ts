/** The licence fields of a package.json; old packages have a list. */
export interface LicenceFields {
  readonly license?: string | { readonly type?: string }
  readonly licenses?: readonly { readonly type?: string }[]
}

/** Licences of packages that go with the program: free to pass on, with no condition on our own code. */
const permissive = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense']
/** And of what only builds and tests it, and is never passed on. */
const forTests = [...permissive, 'MPL-2.0', 'W3C-19980720']

/** What a package says of its licence, as an SPDX expression; empty when it says nothing. */
export function licenceOf({ license, licenses = [] }: LicenceFields): string {
  if (typeof license === 'string') return license
  return license?.type ?? licenses.map(({ type = '' }) => type).join(' OR ')
}

/** True when the expression can be met with the licences we take: one of those joined by OR, all of those by AND. */
export function isAllowed(expression: string, isDev: boolean): boolean {
  const taken = isDev ? forTests : permissive
  const alternatives = expression.replace(/[()]/g, '').split(' OR ')
  return alternatives.some((all) => all.split(' AND ').every((one) => taken.includes(one.trim())))
}
