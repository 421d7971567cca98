/**
 * Every error code we throw, AREA_THING_STATE, with one line on when it is raised. docs/errors.md says the same
 * to operators; a test compares both.
 */
export const errorCodes = {
  CONFIG_FILE_UNREADABLE: 'a configuration file is missing, not YAML, or not readable',
  CONFIG_SETTING_INVALID: 'a setting has a value outside what is allowed, or a name that does not exist',

  SFTP_HOST_UNREACHABLE: 'the SFTP server did not answer: DNS, refused, reset, or no route',
  SFTP_HOST_KEY_UNKNOWN: 'no host key is pinned for the SFTP server; nothing was sent to it',
  SFTP_HOST_KEY_CHANGED: 'the SFTP server showed a host key that is not among the pinned ones; no credentials were sent',
  SFTP_LOGIN_REFUSED: 'the SFTP server refused our key or password',
  SFTP_DEADLINE_PASSED: 'an SFTP call did not finish before its deadline; the connection was cut',
  SFTP_CONNECTION_LOST: 'an open connection to the SFTP server was cut by the other side or the network during a call',
  SFTP_FILE_TRUNCATED: 'a download gave fewer or more bytes than the server says the file has',
  SFTP_FILE_CHANGED: 'a file changed size or time while it was being read',
  SFTP_FILE_TOO_LARGE: 'a file at the supplier is larger than the limit; it was not fetched',
  SFTP_WRITE_FAILED: 'a receipt could not be written or renamed at the supplier',
  SFTP_CALL_FAILED: 'the SFTP server answered a call with an error',

  STORE_BLOB_MISSING: 'the file store does not have the bytes of a hash that the register names',
  STORE_BLOB_CORRUPT: 'bytes in the file store do not have the hash they are named by',
  STORE_WRITE_FAILED: 'the file store could not write: disk full, read-only, or no permission',

  REGISTER_VERSION_UNSAFE: 'the SQLite library is older than the version with the WAL-reset fix',
  REGISTER_OPEN_FAILED: 'the register database could not be opened or migrated',
  REGISTER_VERSION_NEWER: 'the register was written by a later version of the program',
  REGISTER_MIGRATION_FAILED: 'the register could not be brought to this version; it is as it was',
  REGISTER_IN_USE: 'the register is to be migrated or replaced, and another process has it open',
  REGISTER_STATE_UNEXPECTED: 'a row is in a state that the step cannot start from',
  REGISTER_WRITE_FAILED: 'the register could not be written: disk full, read-only, or locked by another program',
  REGISTER_STATE_MOVED: 'the register changed between what a step read and what it writes',

  BACKUP_WRITE_FAILED: 'a backup could not be written',
  BACKUP_UNUSABLE: 'a backup is incomplete, broken, or of a later version; it cannot be restored',

  REDIS_UNREACHABLE: 'Redis did not answer',
  REDIS_WRITE_FAILED: 'Redis refused to take a job: out of memory, read-only, or unable to save',
  REDIS_POLICY_UNSAFE: 'Redis may evict keys (maxmemory-policy is not noeviction)',
  REDIS_VERSION_OLD: 'the Redis server is older than what BullMQ needs',
  REDIS_NOT_INSTALLED: 'no REDIS_URL is given and no redis-server or valkey-server is on the PATH',

  JOB_PAYLOAD_INVALID: 'a job carries a payload that does not fit its schema',
  JOB_DEADLINE_PASSED: 'a job ran longer than its deadline',

  UNILOGIN_UNREACHABLE: 'the Unilogin endpoint was not reached: no byte of the request left us',
  UNILOGIN_ANSWER_UNREADABLE: 'the Unilogin endpoint gave an answer that could not be read',
  UNILOGIN_ACCESS_REFUSED: 'the Unilogin endpoint refuses our system or certificate',
  UNILOGIN_TEXT_UNSENDABLE: 'a field holds a character that XML cannot carry; nothing was sent',
  UNILOGIN_SIGNATURE_MISSING: 'a message has no signature, and one is asked for',
  UNILOGIN_SIGNATURE_INVALID: 'a message carries a signature that does not hold: digest, certificate, or time',
  UNILOGIN_CLOCK_AHEAD: 'the next sourceDateTime would lie too far in the future',

  MAIL_SERVER_UNREACHABLE: 'the mail server of the alerts did not answer, or not as TLS asks',
  MAIL_LOGIN_REFUSED: 'the mail server of the alerts refused our name or password',
  MAIL_MESSAGE_REFUSED: 'the mail server of the alerts refused a message, its sender or a recipient',
  WEBHOOK_UNREACHABLE: 'the receiver of the alerts did not answer in time, or not as TLS asks',
  WEBHOOK_MESSAGE_REFUSED: 'the receiver of the alerts answered something else than yes',

  MOMENT_INVALID: 'a date or time that was given cannot be read, does not exist, or comes twice',
  BASELINE_INVALID: 'a baseline cannot be loaded: its source or date is missing, or numbers of it are in the register already',
  UNILOGIN_LIST_UNREADABLE: 'a list of institutions from Unilogin could not be read',
  EXPORT_REQUEST_INVALID: 'an export was asked for with a municipality, level, format or limit that does not exist',
  EXPORT_POSITION_UNKNOWN: 'changes were asked for since a position that is not one of this register',
  NIGHT_DATE_INVALID: 'a business date is not a date, or lies in the future',
  HOLD_NOT_OPEN: 'a hold was already decided, has expired, or does not exist',
  HOLD_NOT_FOUND: 'a hold was asked for that the register does not have',
  HOLD_PERSON_SAME: 'the person who approved many closings first tried to approve them for the second time, too',
  HOLD_DECISION_UNSIGNED: 'a hold was decided without a name or without a reason',
  LINK_INVALID: 'a statement of how one unit follows from another cannot be noted',
  HOLD_PLAN_CHANGED: 'the plan behind a hold no longer fits the register',
  JOB_NOT_REQUEUABLE: 'a job cannot be re-queued in the state it is in, or would fail the same way again',
  JOB_NOT_DISMISSABLE: 'a failed job cannot be dismissed: it is not about a file, its file is applied, or it can run again',

  USER_INVALID: 'a user of the console was given a name, role or password that cannot be used',
  USER_NOT_FOUND: 'a user of the console was named who is not there',
  OIDC_PROVIDER_FAILED: 'the provider that people sign in with did not answer, or its answer does not hold',
  CONSOLE_REQUEST_INVALID: 'the console was asked for something that does not exist or is not written rightly',
} as const

export type ErrorCode = keyof typeof errorCodes
