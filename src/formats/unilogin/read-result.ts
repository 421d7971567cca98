/** What a reader makes of a document: the value, or in one line what is wrong with it. */
export type ReadResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

export function read<T>(value: T): ReadResult<T> {
  return { ok: true, value }
}

export function unreadable(problem: string): ReadResult<never> {
  return { ok: false, problem }
}
