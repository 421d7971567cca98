import type { Instant } from './time.ts'

/**
 * How one unit follows from another. `afloest`: the same place under a new number, also an old A-number; `lagt-sammen`: the
 * first went into the second; `udskilt`: the second came out of the first. Ours: the national register keeps no lineage.
 */
export const linkRelations = ['afloest', 'lagt-sammen', 'udskilt'] as const
export type LinkRelation = (typeof linkRelations)[number]

/** Who says so: a supplier's file, our own comparison, or a person. */
export const linkEvidences = ['fil', 'udledt', 'person'] as const
export type LinkEvidence = (typeof linkEvidences)[number]

/** A link between two units, from the earlier to the later. */
export interface UnitLink {
  readonly fromNummer: string
  readonly toNummer: string
  readonly relation: LinkRelation
  readonly evidence: LinkEvidence
  readonly recordedAt: Instant
  readonly actor: string
  readonly fileId: string | null
  readonly planHash: string | null
  readonly reason: string | null
}
