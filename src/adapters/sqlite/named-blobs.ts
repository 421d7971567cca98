import { sql } from 'drizzle-orm'
import type { NamedBlob } from '../../ports/register/upkeep.ts'
import type { Db } from './open-register.ts'

const query = sql`
  SELECT sha256, 'file' AS use, file_id AS fileId FROM delivery_file
  UNION ALL SELECT staged_sha256, 'staged', file_id FROM delivery_file WHERE staged_sha256 IS NOT NULL
  UNION ALL SELECT rejected_refs_sha256, 'rejected-refs', file_id FROM delivery_file WHERE rejected_refs_sha256 IS NOT NULL
  UNION ALL SELECT plan_hash, 'plan', file_id FROM change_plan
  UNION ALL SELECT input_sha256, 'receipt', file_id FROM receipt
  UNION ALL SELECT DISTINCT exchanges_sha256, 'exchanges', file_id FROM delivery_attempt JOIN outbox USING (delta_id)
  UNION ALL SELECT DISTINCT value, 'ledger', NULL FROM ledger, json_tree(ledger.facts)
    WHERE key LIKE '%Sha256' AND json_tree.type = 'text' AND length(value) = 64`

/** Every blob that a register names, in its tables or in the facts of its ledger; one may come several times. */
export function namedBlobs(db: Db): NamedBlob[] {
  return db.all<NamedBlob>(query)
}
