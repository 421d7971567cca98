import type { Alert, AlertKind, ChannelName, NoticeKind } from '../../domain/alert.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'

/** A message to one channel, and what became of it. */
export interface Notice {
  readonly noticeId: string
  readonly channel: ChannelName
  readonly kind: NoticeKind
  /** The alert it is about; null for a test and for the report. */
  readonly alertId: string | null
  /** The date of a test, the night of a report. */
  readonly date: BusinessDate | null
  readonly createdAt: Instant
  /** Tries that were asked for, the one under way included. */
  readonly tries: number
  readonly triedAt: Instant | null
  /** Not tried again before. */
  readonly nextAt: Instant
  /** Error code of the last try that failed. */
  readonly problem: string | null
  readonly sentAt: Instant | null
  /** Nobody needs it any more, though it was never sent. */
  readonly withdrawnAt: Instant | null
}

/** Alerts, and the messages about them and beside them. */
export interface AlertRows {
  /** Those that are not over, oldest first. */
  open(): readonly Alert[]
  find(alertId: string): Alert | null
  /** True when an alert of this cause was ever told. */
  wasTold(kind: AlertKind, subject: string): boolean
  /** Inserts, or replaces the alert of the same id. */
  put(alert: Alert): void

  findNotice(noticeId: string): Notice | null
  addNotice(notice: Notice): void
  updateNotice(noticeId: string, patch: Partial<Omit<Notice, 'noticeId'>>): void
  /** Neither sent nor withdrawn, oldest first. */
  unsent(): readonly Notice[]
  noticesOf(alertId: string): readonly Notice[]
  /** The newest message of a channel that was sent or failed; null when there was none. */
  lastResult(channel: ChannelName): Notice | null
}
