/*
 * The line every file and every change walks, as data. The sweep, the docs and the tests read it.
 * Every step: read the state, decide (pure), one transaction, then queue the next step with a fixed id. Dying anywhere
 * in between is harmless: the state check makes a repeat a no-op.
 */

/**
 * States of a delivery file. A `deferred` one waits for the date it holds from; the night of that date makes it `validated`
 * again. A file ends in `rejected`, or in `delivered` when every change it caused is confirmed.
 */
export const fileStates = ['stored', 'validated', 'deferred', 'planned', 'held', 'applied', 'delivered', 'rejected'] as const
export type FileState = (typeof fileStates)[number]

/**
 * States of one delta on its way to Unilogin. `waiting` needs another delta first, or a data agreement; `sent` may have reached the target;
 * `unknown` got no clear answer and is read back before anything else; `refused` and `mismatched` wait for a person;
 * `superseded` was refused and has been replaced by a later change of the same number.
 */
export const deltaStates = [
  'waiting',
  'ready',
  'sent',
  'unknown',
  'acknowledged',
  'confirmed',
  'refused',
  'mismatched',
  'superseded',
] as const
export type DeltaState = (typeof deltaStates)[number]

/** States in which a delta needs nothing more from us. */
export const finalDeltaStates = ['confirmed', 'refused', 'mismatched', 'superseded'] as const satisfies readonly DeltaState[]

/** States of a hold; all but the first end it. */
export const holdStates = ['open', 'approved', 'refused', 'expired'] as const
export type HoldState = (typeof holdStates)[number]

export const nightStates = ['open', 'closed'] as const
export type NightState = (typeof nightStates)[number]

/** One step of the line. */
export interface FlowStep {
  readonly job: string
  /** register: the only writer of SQLite. edge: stateless, on any machine. */
  readonly kind: 'register' | 'edge'
  /** What it decides, without I/O. */
  readonly decides: string
  /** What is committed in one transaction; an edge step hands its result over by hash. */
  readonly commits: string
  /** States it leaves behind. */
  readonly states: readonly (FileState | DeltaState | NightState)[]
}

export const flow: readonly FlowStep[] = [
  {
    job: 'open-night',
    kind: 'register',
    decides: 'which suppliers are due, and which files that waited for their date',
    commits: 'the night, one per business date',
    states: ['open', 'validated'],
  },
  { job: 'agreements', kind: 'edge', decides: 'nothing', commits: 'numbers with a data agreement, by hash', states: [] },
  {
    job: 'record-agreements',
    kind: 'register',
    decides: 'can the list be right?',
    commits: 'agreements, changes that need not wait any more',
    states: ['ready'],
  },
  { job: 'pull', kind: 'edge', decides: 'which files are settled', commits: 'bytes by hash, what was seen', states: [] },
  { job: 'intake', kind: 'register', decides: 'same bytes before?', commits: 'arrivals and new files', states: ['stored'] },
  {
    job: 'validate',
    kind: 'edge',
    decides: 'decode, parse, field and cross-field rules',
    commits: 'staged records and findings by hash',
    states: [],
  },
  {
    job: 'record-validation',
    kind: 'register',
    decides: 'running number in order? does it hold from a later date?',
    commits: 'findings and counts',
    states: ['validated', 'deferred', 'rejected'],
  },
  {
    job: 'plan',
    kind: 'register',
    decides: 'diff, references, moves, guard',
    commits: 'plan hash, base version, holds',
    states: ['planned', 'held'],
  },
  {
    job: 'apply',
    kind: 'register',
    decides: 'does the plan still fit?',
    commits: 'register versions, numbers, outbox, ledger',
    states: ['applied'],
  },
  {
    job: 'dispatch',
    kind: 'register',
    decides: 'what goes next: cutoff, parents first; what waits for an agreement',
    commits: 'source times and the attempt',
    states: ['sent', 'waiting'],
  },
  { job: 'push', kind: 'edge', decides: 'what the answer means', commits: 'requests and replies by hash', states: [] },
  {
    job: 'record-delivery',
    kind: 'register',
    decides: 'acknowledged, refused or unknown',
    commits: 'answers, what may go next',
    states: ['acknowledged', 'refused', 'unknown', 'sent'],
  },
  { job: 'confirm', kind: 'edge', decides: 'read back equals what we sent?', commits: 'differences by hash', states: [] },
  {
    job: 'record-confirmation',
    kind: 'register',
    decides: 'is the file delivered?',
    commits: 'confirmations',
    states: ['confirmed', 'mismatched', 'delivered'],
  },
  { job: 'prepare-receipt', kind: 'register', decides: 'what to tell the supplier', commits: 'receipt by hash', states: [] },
  { job: 'receipt', kind: 'edge', decides: 'is it there already?', commits: 'the document at the supplier', states: [] },
  { job: 'record-receipt', kind: 'register', decides: 'nothing', commits: 'receipt delivered', states: [] },
  {
    job: 'reconcile',
    kind: 'edge',
    decides: 'nothing',
    commits: 'what Unilogin holds of a share of all numbers, by hash',
    states: [],
  },
  {
    job: 'record-drift',
    kind: 'register',
    decides: 'is it what the register says? who must act?',
    commits: 'what was looked at, what differs and since when',
    states: [],
  },
  {
    job: 'close-night',
    kind: 'register',
    decides: 'is everything done or reported?',
    commits: 'the morning report',
    states: ['closed'],
  },
]
