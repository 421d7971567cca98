import { parse as parseCron, validate as validateCron } from 'node-cron'
import { z } from 'zod'
import { isCvrNumber } from '../src/domain/checks/cvr.ts'
import { roles } from '../src/domain/roles.ts'
import { Cutoff, wallTime } from './cutoffs.ts'
import { findClashes } from './mandates.ts'

/*
 * Every setting, with its unit, range and default. config/default.yaml says the same to operators, with comments.
 * Environment names are derived: DAGTILBUD_ + the path in capitals, words and levels joined by underscores
 * (night.settleMs -> DAGTILBUD_NIGHT_SETTLE_MS). Lists and tables are set in the file only.
 */

const milliseconds = z.number().int().min(0)
const positive = z.number().int().min(1)
const date = z.iso.date()
const kommuneKode = z.string().regex(/^\d{3}$/, 'a municipality code of three digits, in quotes')

/** A pinned SSH host key: the base64 SHA-256 that OpenSSH prints, with or without its `SHA256:` prefix. */
const hostKey = z.string().regex(/^(SHA256:)?[A-Za-z0-9+/]{43}=?$/, 'a host key fingerprint: SHA256:<43 characters of base64>')

/** A municipality that chose a supplier from one date to another, both included; open where a date is not given. */
const Mandate = z
  .strictObject({ kode: kommuneKode, fra: date.optional(), til: date.optional() })
  .refine(({ fra, til }) => fra === undefined || til === undefined || fra <= til, 'a period that starts before it ends')

/** How an SFTP server is reached and logged in to. */
const sftpServer = {
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(22),
  username: z.string().min(1),
  /** Path of a file with a private key, or with a password; exactly one of the two. */
  privateKeyFile: z.string().optional(),
  passwordFile: z.string().optional(),
  /** The key the server shows now, and the one it will show after a planned change. */
  hostKeys: z.strictObject({ current: hostKey, next: hostKey.optional() }),
}

/** What the server of `export.sftp` goes by in logs and jobs; no supplier may have the name. */
export const exportServerId = 'eksport'

export const Supplier = z.strictObject({
  /** Short name used in logs, folders and reports. */
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes, starting with a letter')
    .refine((id) => id !== exportServerId, `another name: ${exportServerId} is the server of export.sftp`),
  navn: z.string().min(1),
  /** The supplier in Udbyderregisteret. */
  cvrNummer: z.string().refine(isCvrNumber, 'a CVR number: eight digits that pass modulus 11, in quotes').optional(),
  pNummer: z
    .string()
    .regex(/^\d{10}$/, 'a P-number: ten digits, in quotes')
    .optional(),
  ...sftpServer,
  /** Folder on the server with the supplier's files, and where receipts are written. */
  folder: z.string().default('.'),
  /** Where a file is moved once it is stored; left where it is when not set. */
  readFolder: z.string().optional(),
  /** Encoding agreed for files that declare none; found by proof when not set. */
  encoding: z.enum(['utf-8', 'windows-1252']).optional(),
  /** Municipalities that chose this supplier's system, for good or between two dates. */
  kommuner: z.union([z.literal('alle'), z.array(z.union([kommuneKode, Mandate])).min(1)]),
  /** Ownership kinds the supplier may speak for. */
  ejerformer: z
    .array(z.enum(['1', '2', '3', '4']))
    .min(1)
    .default(['1', '2', '4']),
  /** Municipalities whose file is expected every night; a missing one is reported as late. */
  expects: z.array(kommuneKode).default([]),
})
export type Supplier = z.infer<typeof Supplier>

export const Sftp = z.strictObject({
  /** TCP, host key and login together. */
  connectDeadlineMs: milliseconds.default(20_000),
  /** One call: list, stat, rename. A transfer has this long without a byte moving. */
  callDeadlineMs: milliseconds.default(30_000),
  keepaliveMs: milliseconds.default(10_000),
  /** Suppliers pulled at the same time. */
  parallelSuppliers: z.number().int().min(1).max(50).default(6),
  /** Files fetched at the same time over one connection. */
  parallelFiles: z.number().int().min(1).max(32).default(4),
  /** A file larger than this is not fetched at all; what is fetched and too large to read is refused by limits.fileBytes. */
  maxFileBytes: z.number().int().min(1).default(2_000_000_000),
})
export type Sftp = z.infer<typeof Sftp>

export const Unilogin = z.strictObject({
  /** Origin of the institution feed and of the look-up service, e.g. https://localhost:8443. Never STIL's host by default. */
  baseUrl: z.url({ protocol: /^https$/ }),
  /** Our id as a sending system in the target. */
  udbydersystemId: z.string().min(1).default('DSSYNC01'),
  /** The name of the sending system in every delta; the target keeps one clock per (number, source). */
  source: z.string().min(1).default('Dagtilbud Sync'),
  /** PEM file with the CA that signs the endpoint's TLS certificate; the system's CAs when not set. */
  caFile: z.string().optional(),
  /** PEM files of our client certificate and its key. */
  clientCertificateFile: z.string().optional(),
  clientKeyFile: z.string().optional(),
  /** PEM files of the certificate we sign messages with, an OCES3 organisation certificate at STIL, and its key. Not set: messages are not signed. */
  signing: z.strictObject({ certificateFile: z.string().optional(), keyFile: z.string().optional() }).prefault({}),
  /** Whose signed answers are believed; with both set, a certificate must pass both. Needed when we sign. */
  trust: z
    .strictObject({
      /** PEM file with the authorities that issue the endpoint's signing certificate, up to the root. */
      caFile: z.string().optional(),
      /** PEM file with the very certificates that may sign; two while a change is planned. */
      certificateFile: z.string().optional(),
    })
    .prefault({}),
  /** How far the endpoint's clock may be from ours when we judge an answer's five minutes. */
  skewMs: milliseconds.default(60_000),
  callDeadlineMs: milliseconds.default(30_000),
  /** Calls under way at the same time from one process, never two for one number; fewer while the target is slow or overloaded. */
  parallel: z.number().int().min(1).max(64).default(4),
  /** Calls that one process begins in a second at the most; no limit when not set. */
  callsPerSecond: z.number().min(0.01).optional(),
  /** The target is slow, and fewer calls are made, when they take so many times its best. */
  slowFactor: z.number().min(1.5).default(3),
  /** Tries of one delta in a night, the first included. */
  attempts: z.number().int().min(1).max(10).default(4),
  /** Wait before the second, third and further tries. */
  retryDelaysMs: z.array(milliseconds).min(1).default([5_000, 30_000, 120_000]),
  /** How far a sourceDateTime may run ahead of the clock before we stop and ask. */
  maxClockAheadMs: milliseconds.default(3 * 3_600_000),
  /**
   * `kraeves`: an `opdater` or `flyt` waits until its number has an approved data agreement. `ingen`: nothing waits. Ours: the
   * institution feed needs none by itself, but agreements are per number where people are sent.
   */
  agreements: z.enum(['kraeves', 'ingen']).default('ingen'),
  /** How often the list of agreements is fetched while something waits for one; it is fetched when a night opens, too. */
  agreementsEveryMs: milliseconds.min(1_000).default(3_600_000),
  /** Share of the known agreements, 0-1, that may be gone at once; with more the list is suspect and changes nothing. */
  agreementsLostRatio: z.number().min(0).max(1).default(0.2),
  /** `alle`: every acknowledged number is read back. `ingen`: the acknowledgement is final. Instant look-ups are not meant for nightly sweeps at the real endpoint. */
  readBack: z.enum(['alle', 'ingen']).default('ingen'),
  /** How long after the acknowledgement the target shows the change. */
  lagMs: milliseconds.default(0),
  /** Numbers in one read-back call. */
  readBackBatch: z.number().int().min(1).max(500).default(100),
})
export type Unilogin = z.infer<typeof Unilogin>

const GuardLimit = z.strictObject({
  /** Share of the municipality's open units, 0-1. */
  ratio: z.number().min(0).max(1),
  /** Up to this many changes pass whatever the share. */
  floor: z.number().int().min(0),
})
export type GuardLimit = z.infer<typeof GuardLimit>

/** What a municipality has of its own; the rest is as for all. */
const OwnLimits = z.strictObject({
  nedlaeg: GuardLimit.partial().optional(),
  flyt: GuardLimit.partial().optional(),
  ejerskab: GuardLimit.partial().optional(),
  omdoeb: GuardLimit.partial().optional(),
  identitet: GuardLimit.partial().optional(),
})

/** Sign-in with an account of the organisation, at any OpenID Connect provider. */
const Oidc = z.strictObject({
  /** As the provider's own discovery document names it. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  /** Path of a file with the client's secret; a public client has none. */
  clientSecretFile: z.string().optional(),
  scope: z.string().default('openid profile'),
  /** Claims with the name to sign with, the name to show, and the roles or groups; a dot goes one level down. */
  userClaim: z.string().default('preferred_username'),
  nameClaim: z.string().default('name'),
  rolesClaim: z.string().default('roles'),
  /** Values of the roles claim that give each role of ours; who has none of them does not come in. */
  roles: z.partialRecord(z.enum(roles), z.array(z.string().min(1)).min(1)),
})
export type Oidc = z.infer<typeof Oidc>

const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host)

/** Mail to the operators. The password stands in no settings file. */
const Mail = z
  .strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(587),
    /** `starttls`: plain until both sides agree on TLS, and nothing before that; `tls` from the first byte; `ingen`: never. */
    security: z.enum(['starttls', 'tls', 'ingen']).default('starttls'),
    username: z.string().min(1).optional(),
    passwordFile: z.string().optional(),
    /** PEM file with the CA of the server's certificate; the system's CAs when not set. */
    caFile: z.string().optional(),
    from: z.email(),
    to: z.array(z.email()).min(1),
    deadlineMs: positive.default(30_000),
  })
  .refine(
    ({ security, username, host }) => security !== 'ingen' || username === undefined || isLoopback(host),
    'a server with TLS: a password does not go over the net in the clear',
  )
export type Mail = z.infer<typeof Mail>

/** A POST to a program of the operators'. The secret that signs it stands in no settings file. */
const Webhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => url.startsWith('https:') || isLoopback(new URL(url).hostname), 'an https address, or this machine'),
  secretFile: z.string().optional(),
  caFile: z.string().optional(),
  deadlineMs: positive.default(10_000),
})
export type Webhook = z.infer<typeof Webhook>

export const Settings = z.strictObject({
  /** Folder for the register, the file store, a private Redis, keys made by the sandbox. */
  dataDir: z.string().default('./data'),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
  night: z
    .strictObject({
      /** node-cron pattern, Copenhagen time. Hour 2 is refused: it is skipped or doubled on clock-change nights. */
      cron: z
        .string()
        .refine(isSafeCron, 'a cron pattern of five or six fields that never fires between 02:00 and 03:00')
        .default('30 0 * * *'),
      /** Files that come until this time are part of the night; Copenhagen wall time of the business date. */
      filesUntil: wallTime.default('05:00'),
      /** Pause between two looks at a supplier whose files are not all here. */
      lookEveryMs: milliseconds.default(60_000),
      /** A file is settled when size and time stand still this long. */
      settleMs: milliseconds.default(5_000),
      /** How often the register is swept for work that lost its job. */
      sweepEveryMs: milliseconds.min(100).default(30_000),
    })
    .prefault({}),
  redis: z
    .strictObject({
      /** Not set: a private Redis is started in the data folder. */
      url: z.url({ protocol: /^(redis|rediss|unix)$/ }).optional(),
      prefix: z
        .string()
        .regex(/^[a-z0-9-]+$/)
        .default('dagtilbud'),
      /** A job whose worker has not renewed its lock this long is run again by another. */
      lockMs: positive.min(1_000).default(30_000),
    })
    .prefault({}),
  sftp: Sftp.prefault({}),
  suppliers: z
    .array(Supplier)
    .superRefine((suppliers, ctx) => {
      for (const { at, message } of findClashes(suppliers)) ctx.addIssue({ code: 'custom', path: [at, 'kommuner'], message })
    })
    .default([]),
  unilogin: Unilogin,
  outage: z
    .strictObject({
      /** Calls in a row without a clear answer after which Unilogin counts as down: then single changes are sent to see whether it is back. */
      failures: z.number().int().min(2).default(5),
      /** Wait before the first, second and further such changes. */
      probeDelaysMs: z.array(milliseconds.min(1)).min(1).default([5_000, 15_000, 30_000, 60_000]),
    })
    .prefault({}),
  drift: z
    .strictObject({
      /**
       * Where we learn what Unilogin holds, to find where it differs from the register. `opslag`: by look-ups, a share of all numbers
       * each night; instant look-ups are not meant for that at the real endpoint. `liste`: from a list that somebody puts in `listFile`.
       */
      source: z.enum(['ingen', 'opslag', 'liste']).default('ingen'),
      /** `opslag`: every number is looked up within so many nights. */
      nights: positive.default(28),
      /** `liste`: CSV with instnr, instnavn and, if it can be, adresse, postnr and kommunenr. */
      listFile: z.string().optional(),
      /** `meld`: what differs is reported, and nothing more. `send`: a unit that has come to differ is sent again, once. */
      action: z.enum(['meld', 'send']).default('meld'),
      /** Share of the open units looked at, 0-1, that may be gone at once; with more the look is suspect and notes nothing. */
      lostRatio: z.number().min(0).max(1).default(0.2),
    })
    .refine(({ source, listFile }) => source !== 'liste' || listFile !== undefined, {
      path: ['listFile'],
      error: 'the path of a list, as drift.source is liste',
    })
    .prefault({}),
  cutoffs: z.array(Cutoff).min(1),
  forecast: z
    .strictObject({
      /** Least pause between two forecasts of one cutoff that are kept. */
      everyMs: milliseconds.default(300_000),
      /** Past nights that arrivals, paces and the score are taken from. */
      nights: z.number().int().min(1).max(365).default(28),
    })
    .prefault({}),
  guards: z
    .strictObject({
      nedlaeg: GuardLimit.prefault({ ratio: 0.1, floor: 2 }),
      flyt: GuardLimit.prefault({ ratio: 0.2, floor: 3 }),
      /** Changes of ejerformKode or lovgrundlagKode. */
      ejerskab: GuardLimit.prefault({ ratio: 0.1, floor: 2 }),
      omdoeb: GuardLimit.prefault({ ratio: 0.3, floor: 5 }),
      /** Changes of cvrNummer or pNummer. */
      identitet: GuardLimit.prefault({ ratio: 0.2, floor: 3 }),
      /** What was applied in at least `times` of the last `nights` nights with a file passes too, though it is above the limit. */
      history: z.strictObject({ nights: positive.default(60), times: positive.default(3) }).prefault({}),
      /** A hold of more closings than this needs two persons. */
      secondPerson: z.number().int().min(0).default(10),
      /** A hold that nobody has decided for so long lapses, and the register stays as it is. */
      holdExpiresAfterDays: positive.default(14),
      /** Other limits of single municipalities, by code. */
      kommuner: z.record(kommuneKode, OwnLimits).default({}),
    })
    .prefault({}),
  institutionsnummer: z
    .strictObject({
      praefiks: z
        .string()
        .regex(/^[A-Z]$/)
        .default('G'),
      /** First number the register issues. */
      start: z.number().int().min(0).max(99_999).default(80_000),
    })
    .prefault({}),
  kodetabeller: z
    .strictObject({
      /** Integer of a supplier's lovgrundlagKode -> section key. The official integers are not public; the default maps the synthetic ones only. */
      lovgrundlag: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  krydsvalidering: z
    .strictObject({
      /** Which ejerform, lovgrundlag and institution type go together, when not the matrix of ours that ships; the official one is not public. */
      matrix: z
        .array(
          z.strictObject({ ejerformer: z.array(z.string()), lovgrundlag: z.array(z.string()), instTyper: z.array(z.string()) }),
        )
        .optional(),
    })
    .prefault({}),
  /** Another level for a rule, by code: warning or note. Rules without which a record could not be stored keep theirs; see docs/findings.md. */
  regler: z.record(z.string(), z.enum(['record', 'warning', 'note'])).default({}),
  /** Bounds of what a supplier's file may ask of us; each has its own finding. */
  limits: z
    .strictObject({
      /** Bytes of a file as it came; a larger one is refused whole. */
      fileBytes: positive.default(200_000_000),
      /** Bytes of a zip file, which is held in memory while it is read. */
      zipBytes: positive.default(100_000_000),
      /** Bytes after unpacking. */
      unpackedBytes: positive.default(2_000_000_000),
      /** Unpacked bytes per packed byte, looked at once ratioFreeBytes are out. */
      ratio: positive.default(200),
      ratioFreeBytes: positive.default(10_000_000),
      /** Entries in a zip file. */
      zipEntries: positive.default(20),
      records: positive.default(2_000_000),
      /** Characters of one value. */
      fieldChars: positive.default(2_000),
      /** Characters of one record. */
      recordChars: positive.default(50_000),
      /** Lines one CSV record may span. */
      recordLines: positive.default(100),
      /** Columns of a CSV file; elements and attributes of one record in XML. */
      columns: positive.default(200),
      /** Elements inside one another. */
      xmlDepth: positive.default(16),
      /** How far from the night it comes in the date may lie that a file holds from (gyldigFra), ahead or back. Ours: a wrong year stops. */
      gyldigFraDays: positive.default(400),
      /** Findings that are listed; further ones are only counted. */
      findings: positive.default(1_000),
      /** Listed findings of one code. */
      findingsPerCode: positive.default(200),
      /** Dropped records before the file as a whole is refused. */
      rejectedRecords: positive.default(20_000),
    })
    .prefault({}),
  backup: z
    .strictObject({
      /** Make one each night, once it is closed. */
      nightly: z.boolean().default(true),
      /** Where they go; backups/ in the data folder when not set. */
      folder: z.string().optional(),
      /** How many are kept. */
      keep: positive.default(14),
    })
    .prefault({}),
  retention: z
    .strictObject({
      /** Days after which the bytes of a finished file, its staged records and its exchanges with Unilogin are removed; kept for ever when not set. */
      filesDays: positive.optional(),
      /** Days after which the receipts and plans of a finished file are removed; kept for ever when not set. */
      receiptsDays: positive.optional(),
    })
    .prefault({}),
  export: z
    .strictObject({
      /** Server and folder where the register is put each night, once it is closed; nowhere when not set. */
      sftp: z.strictObject({ ...sftpServer, folder: z.string().default('.') }).optional(),
    })
    .prefault({}),
  /** Messages to the operators; none without a channel. All of it is ours. */
  alerts: z
    .strictObject({
      mail: Mail.optional(),
      webhook: Webhook.optional(),
      /** How often is looked for what a person must know of. */
      everyMs: milliseconds.min(1_000).default(60_000),
      /** A cause is told once it has lasted so long, and is over once it was gone so long. */
      settleMs: milliseconds.default(120_000),
      /** How long before it is too late the warnings of a cutoff are sent. */
      aheadMs: milliseconds.default(4 * 3_600_000),
      /** The pace of reminders. */
      remindEveryMs: milliseconds.min(60_000).default(4 * 3_600_000),
      /** A night that is open after this time of its date is told of. */
      nightClosedBy: wallTime.default('06:00'),
      /** Hours in which what can wait is not sent. */
      quiet: z.strictObject({ from: wallTime, until: wallTime }).optional(),
      /** When each channel is tried, once a day. */
      selfTestAt: wallTime.default('15:00'),
      /** When the morning report goes by mail: `lukket`, once the night is closed; a time of its date; or `aldrig`. */
      reportAt: z
        .string()
        .regex(/^(lukket|aldrig|([01]\d|2[0-3]):[0-5]\d)$/, 'lukket, aldrig, or a time of day, HH:MM')
        .default('lukket'),
    })
    .prefault({}),
  traces: z
    .strictObject({
      /** Where traces of every file go, OTLP over HTTP: http://localhost:4318/v1/traces. The OTEL_ variables may name it instead. */
      endpoint: z.url({ protocol: /^https?$/ }).optional(),
    })
    .prefault({}),
  console: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(8080),
      /** Origin that people's browsers show, when it is not the console's own address: https://sync.example. */
      publicUrl: z.url({ protocol: /^https?$/ }).optional(),
      /** Proxies in front that add to X-Forwarded-For; the address of who signs in is taken from as far back. */
      proxies: z.number().int().min(0).max(9).default(0),
      /** Path of a file with the token that /metrics asks for; without one only this machine reads them. */
      metricsTokenFile: z.string().optional(),
      /** A session ends when nothing was asked for this long. */
      sessionIdleMs: positive.default(7_200_000),
      /** A session ends this long after the sign-in, whatever is asked. */
      sessionMaxMs: positive.default(43_200_000),
      oidc: Oidc.optional(),
    })
    .prefault({}),
})
export type Settings = z.infer<typeof Settings>

function isSafeCron(pattern: string): boolean {
  return validateCron(pattern) && !parseCron(pattern).hour.includes(2)
}
