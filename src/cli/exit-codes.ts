/** How a command ends; docs/operations.md says the same. Commander ends with 1 when it cannot read the command line. */
export const exitCodes = {
  done: 0,
  /** It ran, and the answer is no. */
  no: 1,
  /** An error of ours; the text names it. */
  failed: 2,
  /** Something would wait for a person. */
  waits: 3,
  /** An error nobody foresaw. */
  unforeseen: 70,
} as const
