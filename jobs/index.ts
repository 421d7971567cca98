import type { JobName } from '../src/ports/jobs.ts'
import { agreementsJob } from './agreements.ts'
import { applyJob } from './apply.ts'
import { closeNightJob } from './close-night.ts'
import { confirmJob } from './confirm.ts'
import type { EdgeJob, RegisterJob } from './define-job.ts'
import { dispatchJob } from './dispatch.ts'
import { exportJob } from './export.ts'
import { intakeJob } from './intake.ts'
import { notifyJob } from './notify.ts'
import { openNightJob } from './open-night.ts'
import { planJob } from './plan.ts'
import { prepareReceiptJob } from './prepare-receipt.ts'
import { pullJob } from './pull.ts'
import { pushJob } from './push.ts'
import { receiptJob } from './receipt.ts'
import { reconcileJob } from './reconcile.ts'
import { recordAgreementsJob } from './record-agreements.ts'
import { recordConfirmationJob } from './record-confirmation.ts'
import { recordDeliveryJob } from './record-delivery.ts'
import { recordDriftJob } from './record-drift.ts'
import { recordExportJob } from './record-export.ts'
import { recordFailureJob } from './record-failure.ts'
import { recordNoticeJob } from './record-notice.ts'
import { recordReceiptJob } from './record-receipt.ts'
import { recordValidationJob } from './record-validation.ts'
import { sweepJob } from './sweep.ts'
import { upkeepJob } from './upkeep.ts'
import { validateJob } from './validate.ts'
import { watchJob } from './watch.ts'

/** Every job of the program, in the order of the line. */
export const jobs = {
  'open-night': openNightJob,
  agreements: agreementsJob,
  'record-agreements': recordAgreementsJob,
  pull: pullJob,
  intake: intakeJob,
  validate: validateJob,
  'record-validation': recordValidationJob,
  plan: planJob,
  apply: applyJob,
  dispatch: dispatchJob,
  push: pushJob,
  'record-delivery': recordDeliveryJob,
  confirm: confirmJob,
  'record-confirmation': recordConfirmationJob,
  'prepare-receipt': prepareReceiptJob,
  receipt: receiptJob,
  'record-receipt': recordReceiptJob,
  reconcile: reconcileJob,
  'record-drift': recordDriftJob,
  'record-failure': recordFailureJob,
  sweep: sweepJob,
  'close-night': closeNightJob,
  upkeep: upkeepJob,
  export: exportJob,
  'record-export': recordExportJob,
  watch: watchJob,
  notify: notifyJob,
  'record-notice': recordNoticeJob,
} satisfies { readonly [N in JobName]: RegisterJob<N> | EdgeJob<N> }
