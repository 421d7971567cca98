/** The four verbs of the institution feed. */
export const deltaOperations = ['opret', 'opdater', 'flyt', 'nedlaeg'] as const
export type DeltaOperation = (typeof deltaOperations)[number]
