/** What a person may do in the console: look, re-queue work, decide holds, and see who else has a way in. Everyone may look. */
export const roles = ['se', 'betjene', 'godkende', 'admin'] as const
export type Role = (typeof roles)[number]

/** True when somebody with these roles may do what a role is needed for: `admin` may do everything, and any role may look. */
export function allows(held: readonly Role[], needed: Role): boolean {
  return held.includes('admin') || held.includes(needed) || (needed === 'se' && held.length > 0)
}

/** The role in which somebody who may do what a role is needed for does it. */
export function actingRole(held: readonly Role[], needed: Role): Role {
  return held.includes(needed) ? needed : 'admin'
}

/** A person who is signed in. */
export interface Person {
  /** Unique where it is from: the name signed in with, or what the identity provider calls the person. */
  readonly brugernavn: string
  readonly navn: string
  readonly roller: readonly Role[]
}

/** How a person is named in the ledger: one name can belong to two people, the sign-in name cannot. */
export function signatureOf({ brugernavn, navn }: Pick<Person, 'brugernavn' | 'navn'>): string {
  return navn === brugernavn ? navn : `${navn} (${brugernavn})`
}
