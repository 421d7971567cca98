/** Reports a finding about the record at hand, at the place of one of its fields; `slot` null means the record as a whole. */
export type Report = (code: string, slot: number | null, facts?: Readonly<Record<string, string | number>>) => void
