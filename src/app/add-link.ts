import { FatalError } from '../domain/errors.ts'
import type { LinkRelation } from '../domain/lineage.ts'
import type { RegisterContext } from './context.ts'
import { runStep } from './run-step.ts'

/** What a person says of two units. */
export interface LinkStatement {
  /** The earlier number; may be one from before the register, such as an A-number. */
  readonly fromNummer: string
  readonly toNummer: string
  readonly relation: LinkRelation
  readonly by: string
  readonly reason: string
}

/**
 * Notes how a unit follows from an earlier one, as a person states it. Said again, it changes nothing.
 * @returns false when the register had the link already
 * @throws LINK_INVALID
 */
export function addLink(ctx: RegisterContext, statement: LinkStatement): Promise<boolean> {
  return runStep(ctx, 'add-link', statement, async (step) => add(step, statement))
}

function add(ctx: RegisterContext, statement: LinkStatement): boolean {
  const { fromNummer, toNummer, relation } = statement
  const [by, reason] = [statement.by.trim(), statement.reason.trim()]
  if (!/^[A-Z]\d{5}$/.test(fromNummer)) throw invalid(statement, `"${fromNummer}" is no number: a letter and five digits`)
  if (fromNummer === toNummer) throw invalid(statement, 'both are the same unit')
  if (by === '' || reason === '') throw invalid(statement, 'the name or the reason is empty')
  return ctx.register.write((tx) => {
    if (tx.units.byNumbers([toNummer]).length === 0) throw invalid(statement, `the register has no unit ${toNummer}`)
    const said = tx.units.linksOf(toNummer)
    if (said.some((link) => link.fromNummer === fromNummer && link.toNummer === toNummer && link.relation === relation))
      return false
    const at = ctx.clock.now()
    const source = { evidence: 'person', recordedAt: at, actor: by, fileId: null, planHash: null, reason } as const
    tx.units.addLinks([{ fromNummer, toNummer, relation, ...source }])
    tx.ledger.append({ at, type: 'link', subject: toNummer, facts: { fromNummer, relation, by, reason } })
    return true
  })
}

function invalid({ fromNummer, toNummer, relation }: LinkStatement, seen: string): FatalError {
  return new FatalError('LINK_INVALID', `noting that ${toNummer} follows from ${fromNummer} (${relation}): ${seen}`, {
    dataState: 'nothing was changed',
    hint: 'give the earlier number and one that the register has, a name and a reason',
    facts: { fromNummer, toNummer, relation },
  })
}
