import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { BeskedDocument } from '../../config/documents/alerts.ts'
import type { Settings } from '../../config/settings.ts'
import { createChannels } from '../../src/adapters/channels/create-channels.ts'
import { createBackupFolder } from '../../src/adapters/files/create-backup-folder.ts'
import { openRegister as openRegisterFile } from '../../src/adapters/sqlite/open-register.ts'
import { createLog } from '../../src/adapters/system/create-log.ts'
import type { EdgeContext, RegisterContext } from '../../src/app/context.ts'
import { currentCauses } from '../../src/app/current-causes.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { noteUpkeep } from '../../src/app/note-upkeep.ts'
import { renderNightReport } from '../../src/app/render-night-report.ts'
import { createReplayFiles } from '../../src/app/replay-files.ts'
import { replayLedger } from '../../src/app/replay-ledger.ts'
import type { SyncError } from '../../src/domain/errors.ts'
import { fromWallTime, type Instant } from '../../src/domain/time.ts'
import type { Channels, Message } from '../../src/ports/channels.ts'
import { type JobQueue, type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import type { JobFailure } from '../../src/ports/register.ts'
import { createTestCa, type IssuedCertificate } from '../../src/sandbox/test-ca.ts'
import { type JobRunner, runJob } from '../../src/worker/run-job.ts'
import { runPastStep } from '../../src/worker/run-past-step.ts'
import { startWorker } from '../../src/worker/start-worker.ts'
import { aClock, aDelta, aFile, aFolder, aHold, aNight, aNightRun, aSupplier, aVersion, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'
import { startTestSmtp, type TestSmtp } from '../kit/start-test-smtp.ts'
import { startTestWebhook, type TestWebhook } from '../kit/start-test-webhook.ts'

const minute = 60_000
const password = 'smtp-kode-til-proever'
const secret = 'webhook-hemmelighed'
const recipient = 'vagten@drift.example'
const sender = 'dagtilbud@sync.example'

const openRegister = useRegisters()
let smtp: TestSmtp
let webhook: TestWebhook
let ca: string
beforeAll(async () => {
  const authority = await createTestCa(Date.now())
  const tls: IssuedCertificate = await authority.issue({ commonName: 'localhost', usage: 'server' })
  ca = authority.certificate
  smtp = await startTestSmtp({ tls, user: { username: 'dagtilbud', password } })
  webhook = await startTestWebhook({ tls, secret })
})
afterAll(async () => {
  await smtp.close()
  await webhook.close()
})

type Tree = Readonly<Record<string, unknown>>

const bothSecrets = { mailPassword: password, webhookSecret: secret }

function bothChannels() {
  const caFile = join(aFolder(), 'ca.pem')
  writeFileSync(caFile, ca)
  const mail = { host: '127.0.0.1', port: smtp.port, username: 'dagtilbud', caFile, from: sender, to: [recipient] }
  return { mail, webhook: { url: webhook.url, caFile } }
}

/** The two channels alone. */
function theChannels(parts: { readonly mail?: Tree; readonly webhook?: Tree; readonly secrets?: Tree } = {}): Promise<Channels> {
  const { mail, webhook: post } = bothChannels()
  const { alerts } = someSettings({ alerts: { mail: { ...mail, ...parts.mail }, webhook: { ...post, ...parts.webhook } } })
  return createChannels(alerts, { ...bothSecrets, ...parts.secrets }, aClock())
}

const aMessage: Message = { id: 'b-1', replyTo: null, subject: 'x', text: 'x', html: null, document: {} }

/** A register with an open night, watched as the worker does, with a real mail server and a real receiver behind it. */
async function aWatched(
  options: { readonly alerts?: Tree; readonly settings?: Tree; readonly secrets?: Tree; at?: Instant } = {},
) {
  const own = await openRegister()
  const settings = someSettings({
    suppliers: [aSupplier('nordsystem'), aSupplier('havtorn', { kommuner: ['147'] })].slice(0, 1),
    backup: { nightly: false },
    ...options.settings,
    alerts: { ...bothChannels(), selfTestAt: '23:59', nightClosedBy: '12:00', ...options.alerts },
  })
  const clock = aClock(options.at)
  const written: string[] = []
  const log = createLog({ level: 'debug', stream: { write: (line) => void written.push(line) } })
  const queued: JobRequest[] = []
  const queue = {
    add: async (requests: readonly JobRequest[]) => void queued.push(...requests),
    pendingIds: async () => new Set<string>(),
  } as unknown as JobQueue
  const ctx: RegisterContext = { ...own, clock, settings, log }
  const channels = await createChannels(settings.alerts, { ...bothSecrets, ...options.secrets }, clock)
  const edge = { ...ctx, channels } as unknown as EdgeContext
  const runnerOf = (register: RegisterContext): JobRunner => ({
    clock,
    log,
    files: own.files,
    queue,
    register: { ...register, queue, backups: createBackupFolder(join(own.path, '../b'), join(own.path, '../files')) },
    edge,
    watchers: [],
  })
  const firstMail = smtp.mails.length
  const firstPost = webhook.received.length
  /** Runs a job and what follows from it, without those of `lost`. */
  const run = async (request: JobRequest, register = ctx, lost: readonly string[] = []): Promise<void> => {
    const { job: name, payload } = request
    await runJob(runnerOf(register), { id: jobIdOf(request), name, payload, attempt: 1, lastAttempt: true })
    for (const next of queued.splice(0)) if (!lost.includes(next.job)) await run(next, register, lost)
  }
  return {
    ...own,
    ctx,
    edge,
    clock,
    run,
    /** Looks after so many minutes each, without the jobs of `lost`. */
    look: async (pauses: readonly number[] = [0], { register = ctx, lost = [] as readonly string[] } = {}) => {
      for (const pause of pauses) {
        clock.turn(pause * minute)
        await run({ job: 'watch', payload: { reason: 'timer' } }, register, lost)
      }
    },
    mails: () => smtp.mails.slice(firstMail),
    subjects: () => smtp.mails.slice(firstMail).map(({ subject }) => subject),
    posts: () => webhook.received.slice(firstPost) as unknown as readonly (Tree & { varsel: Tree })[],
    logged: () => written.join(''),
  }
}

type Watched = Awaited<ReturnType<typeof aWatched>>

const failure: JobFailure = {
  jobId: 'receipt.f-1.received.abc',
  queue: 'receipt',
  job: 'receipt',
  payload: '{}',
  code: 'SFTP_WRITE_FAILED',
  message: 'x',
  hint: 'spørg leverandøren',
  dataState: 'x',
  failedAt: aNight,
  resolvedAt: null,
  resolvedBy: null,
  reason: null,
}

/** A night, and a register that was checked. */
function openNight({ ctx }: Watched): void {
  ctx.register.write((tx) => {
    tx.nights.insert(aNightRun())
    tx.upkeep.addRun({ task: 'check', at: aNight, ok: true, facts: {} })
  })
}

function fail({ ctx }: Watched, parts: Partial<JobFailure> = {}): void {
  ctx.register.write((tx) => tx.failures.put({ ...failure, ...parts }))
}

function resolve({ ctx }: Watched): void {
  ctx.register.write((tx) => tx.failures.resolve(failure.jobId, 'Anna', 'rettet', ctx.clock.now()))
}

describe('an alert', () => {
  it('reaches mail and webhook once when it begins, is reminded at its pace, and is over once', async () => {
    const world = await aWatched({ alerts: { remindEveryMs: 10 * minute } })
    openNight(world)
    fail(world)

    await world.look([0, 1, 1, 9, 1])
    resolve(world)
    await world.look([1, 2, 60])

    const begun = `[Dagtilbud] Nyt: job er standset`
    expect(world.subjects()).toEqual([begun, begun.replace('Nyt', 'Stadig'), begun.replace('Nyt', 'Løst')])
    expect(world.posts().map(({ art }) => art)).toEqual(['begyndt', 'paamindet', 'loest'])
    expect(new Set(world.posts().map(({ varsel }) => varsel['id'])).size).toBe(1)
    expect(world.posts()[0]?.varsel).toMatchObject({
      aarsag: 'job',
      emne: 'receipt.SFTP_WRITE_FAILED',
      hvem: 'operator',
      hvad: `job standset: bed leverandøren se på rettigheder og plads i mappen: ${failure.jobId}`,
    })
    for (const post of world.posts()) expect(BeskedDocument.safeParse(post).error).toBeUndefined()
  })

  it('is one for all jobs that failed in the same way, and one for each other way', async () => {
    const world = await aWatched()
    openNight(world)
    for (const jobId of ['receipt.1', 'receipt.2', 'receipt.3']) fail(world, { jobId })
    fail(world, { jobId: 'push.1', job: 'push', code: 'UNEXPECTED' })

    await world.look([0, 2])

    expect(world.posts().map(({ varsel }) => varsel['emne'])).toEqual(['receipt.SFTP_WRITE_FAILED', 'push.UNEXPECTED'])
    expect(world.posts()[0]?.varsel['hvad']).toMatch(/receipt\.1 og 2 til$/)
  })

  it('goes by mail over TLS with a login, as one thread, and says what, who and since when', async () => {
    const world = await aWatched({ alerts: { remindEveryMs: 10 * minute } })
    openNight(world)
    fail(world)
    await world.look([0, 2, 10])

    const [first, second] = world.mails()

    expect(first).toMatchObject({ from: sender, to: [recipient], isSecure: true })
    expect(first?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(second?.headers.get('in-reply-to')).toBe(first?.headers.get('message-id'))
    const text = first?.parts.get('text/plain')
    expect(text).toContain(`Hvad:    job standset: bed leverandøren se på rettigheder og plads i mappen: ${failure.jobId}`)
    expect(text).toContain('Hvem:    operator')
    expect(text).toContain('Begyndt: 2026-11-24 02:15')
  })

  it('is neither forgotten nor told again by a restart', async () => {
    const world = await aWatched()
    openNight(world)
    fail(world)
    await world.look([0, 2])

    const register = openRegisterFile(world.path)
    const restarted = { register: { ...world.ctx, register } }
    await world.look([1, 1], restarted)
    register.write((tx) => tx.failures.resolve(failure.jobId, 'Anna', 'rettet', world.clock.now()))
    await world.look([0, 2], restarted)
    register.close()

    expect(world.posts().map(({ art }) => art)).toEqual(['begyndt', 'loest'])
  })

  it.each([
    ['before it was sent', ['notify'], 1],
    ['after it was sent, before that was noted', ['record-notice'], 2],
  ])('is sent under the same id when the process dies %s', async (_when, lost, times) => {
    const world = await aWatched()
    openNight(world)
    fail(world)
    await world.look([0, 2], { lost })
    const sentBefore = world.posts().length

    await world.look([1, 1, 1])

    expect(world.posts().length - sentBefore).toBe(1)
    expect(world.posts()).toHaveLength(times)
    expect(new Set(world.posts().map(({ id }) => id)).size).toBe(1)
    expect(new Set(world.mails().map(({ headers }) => headers.get('message-id'))).size).toBe(1)
  })

  it('that can wait is held until the quiet hours are over, and one that cannot goes at once', async () => {
    const world = await aWatched({ alerts: { quiet: { from: '22:00', until: '07:00' } } })
    openNight(world)
    fail(world)
    world.ctx.register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.files.insertHold(aHold('h-1'))
    })

    await world.look([0, 2, 2])
    expect(world.posts().map(({ varsel }) => varsel['aarsag'])).toEqual(['frist'])
    world.clock.turn(fromWallTime('2026-11-24', '07:00') - world.clock.now())
    await world.look()

    expect(world.posts().map(({ varsel }) => varsel['aarsag'])).toContain('job')
  })

  it('over before it could be said is not said at all', async () => {
    const world = await aWatched()
    openNight(world)
    webhook.answer(500)
    fail(world)
    await world.look([0, 2])
    webhook.answer(204)
    resolve(world)
    await world.look([2, 2, 60])

    expect(world.posts().filter(({ varsel }) => varsel['aarsag'] === 'job')).toEqual([])
    expect(world.subjects()).toContain('[Dagtilbud] Løst: job er standset')
  })
})

describe('a channel', () => {
  it('that fails is tried again ever more seldom, told of by the other, and shown in the report', async () => {
    const world = await aWatched()
    openNight(world)
    webhook.answer(500)
    fail(world)

    await world.look([0, 2, 1, 2, 4, 24])

    const tries = world.ctx.register
      .read((tx) => tx.alerts.unsent())
      .map(({ channel, tries, problem }) => [channel, tries, problem])
    expect(tries).toEqual([['webhook', 5, 'WEBHOOK_MESSAGE_REFUSED']])
    expect(world.subjects()).toContain('[Dagtilbud] Nyt: beskeder når ikke frem')
    const report = nightReport(world.ctx, '2026-11-24')
    expect(renderNightReport(report as never).da).toContain('beskeder når ikke frem ad webhook (WEBHOOK_MESSAGE_REFUSED)')
    expect(report?.actions.filter(({ kind }) => kind === 'kanal')).toHaveLength(1)

    webhook.answer(204)
    await world.look([32, 1, 2])
    expect(world.posts().map(({ art }) => art)).toEqual(['begyndt'])
    expect(world.subjects()).toContain('[Dagtilbud] Løst: beskeder når ikke frem')
  })

  it('is tried once a day at its time, and a broken one is an alert on the other before anything else is wrong', async () => {
    const world = await aWatched({ alerts: { selfTestAt: '15:00' }, at: fromWallTime('2026-11-24', '14:59') })
    webhook.answer(null)
    const hasty = await aWatched({
      alerts: { selfTestAt: '15:00', webhook: { url: webhook.url, deadlineMs: 50 } },
      at: fromWallTime('2026-11-24', '14:59'),
    })
    smtp.refuse('alle')
    openNight(world)
    world.ctx.register.write((tx) => tx.nights.update('2026-11-24', { state: 'closed', closedAt: aNight }))
    await world.look()
    expect(world.posts()).toEqual([])
    webhook.answer(204)

    await world.look([1, 1, 2])

    expect(world.posts().map(({ art, varsel }) => [art, varsel?.['aarsag']])).toEqual([
      ['selvtest', undefined],
      ['begyndt', 'kanal'],
    ])
    expect(world.posts()[1]?.varsel['hvad']).toContain('beskeder når ikke frem ad mail (MAIL_MESSAGE_REFUSED)')
    smtp.refuse([])
    await world.look([24 * 60, 1, 2])
    expect(world.posts().filter(({ art }) => art === 'selvtest')).toHaveLength(2)
    expect(world.posts().at(-1)).toMatchObject({ art: 'loest' })

    // Its authority is not given, so that the receiver cannot be believed.
    await hasty.look([1])
    expect(problemsOf(hasty)).toEqual(['WEBHOOK_UNREACHABLE'])
  })

  it.each([
    ['a wrong password', {}, { mailPassword: 'forkert' }, 'MAIL_LOGIN_REFUSED'],
    ['no server', { port: 1 }, {}, 'MAIL_SERVER_UNREACHABLE'],
    ['a server that is not believed', { caFile: undefined }, {}, 'MAIL_SERVER_UNREACHABLE'],
    ['a recipient that is refused', { to: [recipient, 'ukendt@drift.example'] }, {}, 'MAIL_MESSAGE_REFUSED'],
    ['all recipients refused', { to: ['ukendt@drift.example'] }, {}, 'MAIL_MESSAGE_REFUSED'],
  ])('says what is wrong with %s, and neither an address nor the password', async (_what, mail, secrets, code) => {
    const channels = await theChannels({ mail, secrets })
    smtp.refuse(['ukendt@drift.example'])

    const error = (await channels.mail?.send(aMessage).catch((thrown: unknown) => thrown)) as SyncError
    smtp.refuse([])

    expect([error.code, error.cause]).toEqual([code, undefined])
    expect(JSON.stringify([error.message, error.hint, error.facts])).not.toMatch(/@|smtp-kode|forkert/)
  })

  it('leaves no address and no secret in log, register or file store', async () => {
    const world = await aWatched({ secrets: { mailPassword: 'forkert' } })
    openNight(world)
    fail(world)
    await world.look([0, 2, 1])

    expect(problemsOf(world)).toEqual(['MAIL_LOGIN_REFUSED'])
    expect(world.logged()).toContain('MAIL_LOGIN_REFUSED')
    expect(world.logged()).not.toMatch(/@|forkert/)
    expect(everythingKept(world)).toContain('MAIL_LOGIN_REFUSED')
    expect(everythingKept(world)).not.toMatch(/drift\.example|sync\.example|forkert|webhook-hemmelighed/)
  })

  it('shows that it would be let in, for the doctor', async () => {
    const channels = await theChannels()

    expect(await channels.mail?.check()).toMatch(/^127\.0\.0\.1:\d+, starttls, login godkendt, 1 modtagere$/)
    expect(await channels.webhook?.check()).toMatch(/^127\.0\.0\.1:\d+ svarede 204$/)
    expect(BeskedDocument.safeParse(webhook.received.at(-1)).error).toBeUndefined()
  })

  it('of a receiver that does not say yes, or says nothing in time, has not sent anything', async () => {
    const channels = await theChannels({ webhook: { deadlineMs: 200 } })
    const answers: unknown[] = []
    for (const status of [302, 401, 404, 500, null]) {
      webhook.answer(status)
      await channels.webhook?.send(aMessage).catch(({ code, facts }: SyncError) => answers.push([code, facts['status']]))
    }
    webhook.answer(204)

    const refused = [302, 401, 404, 500].map((status) => ['WEBHOOK_MESSAGE_REFUSED', status])
    expect(answers).toEqual([...refused, ['WEBHOOK_UNREACHABLE', undefined]])
  })

  it.each([
    [{ mailPassword: null }, 'DAGTILBUD_ALERTS_MAIL_PASSWORD'],
    [{ webhookSecret: null }, 'DAGTILBUD_ALERTS_WEBHOOK_SECRET'],
  ])('without its secret is a setting that is wrong', async (secrets, env) => {
    await expect(theChannels({ secrets })).rejects.toMatchObject({
      code: 'CONFIG_SETTING_INVALID',
      hint: expect.stringContaining(env),
    })
  })
})

describe('the morning report', () => {
  const close = ({ ctx }: Watched) =>
    ctx.register.write((tx) => tx.nights.update('2026-11-24', { state: 'closed', closedAt: ctx.clock.now() }))
  const subject = '[Dagtilbud] Nat 2026-11-24: færdig: ingen nye filer kom'

  it('goes by mail when the night is closed, once, as text and HTML, as night show prints it', async () => {
    const world = await aWatched({ alerts: { reportAt: 'lukket' } })
    openNight(world)
    await world.look()
    world.ctx.register.write((tx) => tx.files.insert(aFile('f-1', { name: 'a<b>.xml', state: 'rejected', date: '2026-11-24' })))
    close(world)

    await world.look([1, 1])
    // The night is taken up again by hand.
    close(world)
    await world.look([60])

    expect(world.subjects()).toEqual(['[Dagtilbud] Nat 2026-11-24: færdig: alt godtaget er nået frem'])
    const parts = world.mails()[0]?.parts
    const shown = renderNightReport(nightReport(world.ctx, '2026-11-24') as never).da
    // The ledger has gone on since.
    expect(parts?.get('text/plain')).toContain(shown.slice(shown.indexOf('FILER'), shown.indexOf('hovedbog')))
    expect(parts?.get('text/plain')).toContain('nordsystem/a<b>.xml')
    expect(parts?.get('text/html')).toContain('nordsystem/a&lt;b&gt;.xml')
    expect(world.posts()).toEqual([])
  })

  it('goes at its time when the setting says so, open or closed, and is made up for within a day only', async () => {
    const reported = async (pauses: readonly number[], isClosed: boolean) => {
      const alerts = { reportAt: '07:00', nightClosedBy: '20:00' }
      const world = await aWatched({ alerts, at: fromWallTime('2026-11-24', '06:59') })
      openNight(world)
      if (isClosed) close(world)
      await world.look(pauses)
      return world.subjects().filter((one) => one.includes('Nat '))
    }

    expect(await reported([0], true)).toEqual([])
    expect(await reported([0, 1, 1], false)).toEqual(['[Dagtilbud] Nat 2026-11-24: i gang'])
    expect(await reported([10 * 60], true)).toEqual([subject])
    expect(await reported([25 * 60], true)).toEqual([])
  })

  it.each([
    ['before it was sent', ['notify'], 1],
    ['after it was sent, before that was noted', ['record-notice'], 2],
  ])('is sent under one id when the process dies %s', async (_when, lost, times) => {
    const world = await aWatched()
    openNight(world)
    close(world)
    await world.look([0], { lost })

    await world.look([1, 1, 1])

    expect(world.subjects()).toEqual(Array.from({ length: times }, () => subject))
    expect(new Set(world.mails().map(({ headers }) => headers.get('message-id')))).toEqual(
      new Set(['<rapport.2026-11-24.mail@sync.example>']),
    )
  })
})

describe('what a person is told of', () => {
  const kindsOf = ({ ctx }: Watched) => currentCauses(ctx).map(({ kind, who }) => `${kind} ${who}`)
  const quiet = async (at = aNight) => {
    const world = await aWatched({ at })
    openNight(world)
    return world
  }

  it('is nothing while all is well', async () => {
    expect(kindsOf(await quiet())).toEqual([])
  })

  it('is a night that is open after its time, a server that cannot be read, a check that found something', async () => {
    const world = await quiet()
    const row = { date: '2026-11-24', supplierId: 'nordsystem', looks: 1, lastLookAt: aNight, missing: [] }
    world.ctx.register.write((tx) => tx.nights.putSupplier({ ...row, state: 'looking', problem: 'SFTP_HOST_UNREACHABLE' }))
    await noteUpkeep(world.ctx, { task: 'check', at: aNight + 1, ok: false, facts: {} })
    world.clock.turn(fromWallTime('2026-11-24', '12:00') - world.clock.now())

    expect(currentCauses(world.ctx).map(({ kind, subject, who }) => [kind, subject, who])).toEqual([
      ['vedligehold', 'check', 'operator'],
      ['server', 'nordsystem', 'operator'],
      ['nat', '2026-11-24', 'operator'],
    ])
  })

  it('is a hold, from some hours before the cutoff it could still make', async () => {
    const world = await quiet(fromWallTime('2026-11-24', '00:45'))
    world.ctx.register.write((tx) => {
      tx.files.insert(aFile('f-1', { state: 'held' }))
      tx.files.insertHold(aHold('h-1'))
    })
    expect(kindsOf(world)).toEqual([])
    world.clock.turn(2 * 60 * minute)

    expect(currentCauses(world.ctx)).toMatchObject([
      { kind: 'frist', who: 'operator', what: expect.stringContaining('venter på en afgørelse') },
    ])
  })

  it('is Unilogin while it is down', async () => {
    const world = await quiet()
    const now = world.clock.now()
    const outage = { sinceAt: now, failures: 5, reason: 'HTTP 503', foundAt: now, probes: 0, nextProbeAt: now + minute }
    world.ctx.register.write((tx) => tx.outages.put(outage, now))
    expect(kindsOf(world)).toContain('unilogin operator')

    world.ctx.register.write((tx) => tx.outages.put(null, now + minute))

    expect(kindsOf(world)).not.toContain('unilogin operator')
  })

  it('is a cutoff that was missed, until all that missed it has arrived, and once also when all came a little late', async () => {
    const world = await quiet()
    putDeltas(world, ['G80001'])
    const cutoff = { navn: 'morgen', at: fromWallTime('2026-11-24', '06:00') }
    const missed = { missedCutoffNavn: cutoff.navn, missedCutoffAt: cutoff.at, missedWhy: 'klar' as const }
    world.clock.turn(cutoff.at + minute - world.clock.now())
    world.ctx.register.write((tx) => {
      tx.outbox.update('d-G80001', missed)
      tx.cutoffs.addPassed({ ...cutoff, recordedAt: cutoff.at, total: 1, inTime: 0, missed: 1, apart: 0, missingFiles: 0 })
    })
    const misset = () => currentCauses(world.ctx).filter(({ kind }) => kind === 'misset')
    expect(misset()).toMatchObject([{ what: expect.stringContaining('1 af 1 ændringer nåede den ikke; 1 er endnu ikke') }])

    world.ctx.register.write((tx) => tx.outbox.update('d-G80001', { state: 'acknowledged', acknowledgedAt: cutoff.at + 9 }))
    expect(misset()).toHaveLength(1)
    await world.look([0, 2])

    expect(misset()).toEqual([])
  })
})

describe('a worker', () => {
  it('looks at its pace and sends only where the settings name a channel', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { ctx, edge } = await aWatched({ alerts: { everyMs: 5 * minute } })
    const asked = async (settings: Settings) => {
      const jobs: string[] = []
      const queue = {
        add: async (requests: readonly JobRequest[]) => void jobs.push(...requests.map(({ job }) => job)),
        wakeOverslept: async () => undefined,
      }
      const runner = { queue, register: {}, edge } as unknown as JobRunner
      const queues: string[] = []
      const worker = startWorker(runner, settings, ctx.log, ({ queue: name }) => {
        queues.push(name)
        return { stop: async () => undefined }
      })
      await vi.advanceTimersByTimeAsync(10 * minute)
      await worker.stop(0)
      return { looks: jobs.filter((job) => job === 'watch').length, sends: queues.includes('notify') }
    }

    expect(await asked(ctx.settings)).toEqual({ looks: 2, sends: true })
    expect(await asked(someSettings())).toEqual({ looks: 0, sends: false })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the proof of a register', () => {
  it('runs the looks and the notes of what was sent again, and comes to the same alerts', async () => {
    const world = await aWatched({ alerts: { remindEveryMs: 10 * minute }, settings: { suppliers: [] } })
    const { run, ctx, files } = world
    await run({ job: 'open-night', payload: { date: '2026-11-24', trigger: 'operator', start: 'x', filesUntilAt: null } })
    const { sha256: failureSha256 } = await files.put(JSON.stringify(failure))
    await run({ job: 'record-failure', payload: { failureSha256 } })
    await world.look([0, 2, 10, 1])
    const entries = ctx.register.read((tx) => [...tx.ledger.after(0)])
    const scratch = (await openRegister()).register

    const replayed = await replayLedger(entries, {
      scratch,
      files: createReplayFiles(files),
      settings: someSettings(),
      run: runPastStep,
      witness: async () => [],
      removed: new Set(),
      resealedAt: 0,
      log: ctx.log,
      onStep: () => undefined,
    })

    expect(replayed).toEqual({ reached: entries.at(-1)?.seq, breaks: [], stopped: null })
    const all = (register: RegisterContext['register']) =>
      register.read((tx) => tx.alerts.open().map((alert) => [alert, tx.alerts.noticesOf(alert.alertId)]))
    expect(all(scratch)).toEqual(all(ctx.register))
    expect(all(scratch)).toHaveLength(1)
    expect(world.posts().map(({ art }) => art)).toEqual(['begyndt', 'paamindet'])
  })
})

function problemsOf({ ctx }: Watched): string[] {
  return ctx.register.read((tx) => tx.alerts.unsent().flatMap(({ problem }) => (problem === null ? [] : [problem])))
}

/** Every byte of the register and of the file store. */
function everythingKept({ path }: Watched): string {
  const files = readdirSync(join(path, '..'), { recursive: true, withFileTypes: true })
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')
}

function putDeltas({ ctx }: Watched, numbers: readonly string[]): void {
  const common = { fileId: 'f-1', planHash: 'p-1', date: '2026-11-24', cutoffNavn: null, cutoffAt: null, createdAt: aNight }
  ctx.register.write((tx) => {
    tx.units.write(numbers.map((nummer) => aVersion(nummer)))
    tx.outbox.insert(
      numbers.map((nummer) => aDelta(`d-${nummer}`, nummer)),
      common,
    )
  })
}
