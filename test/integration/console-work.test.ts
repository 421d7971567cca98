import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requeueJob } from '../../src/app/requeue-job.ts'
import { parseMoment } from '../../src/domain/moment.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import type { JobFailure } from '../../src/ports/register.ts'
import { aFailure, aFile, aSupplier, aVersion, kommune } from '../kit/builders.ts'
import { type Browser, type ConsoleWorld, openConsoleWorld } from '../kit/console-world.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../kit/make-leverance.ts'

const [first, second] = ['2026-11-24', '2026-11-25'] as const
/** Text that would do something in a page that did not escape it; each has a mark of its own. */
const nasty = (mark: string) => `<img src=x${mark} onerror=alert(1)>'"&amp;`
const rows = 12

let world: ConsoleWorld
let approver: Browser
let operator: Browser

beforeAll(async () => {
  world = await openConsoleWorld({
    settings: { suppliers: [aSupplier('nordsystem', { navn: nasty('leverandør') })], guards: { secondPerson: 6 } },
  })
  const fields = (n: number) => ({
    navn: `${nasty('navn')}${n}`,
    vejNavn: nasty('vej'),
    husNummer: `${n + 1}`,
    byNavn: nasty('by'),
    supplerendeBynavn: nasty('sted'),
    email: nasty('mail'),
  })
  const units = Array.from({ length: rows }, (_, n) => anAnvisningsenhed(`E${n}`, 'D1', fields(n)))
  const refused = anAnvisningsenhed(nasty('id'), 'D1', { doer: nasty('dør') })
  const parent = aDaginstitution('D1', { navn: nasty('daginstitution') })
  const file = (loebenummer: number, count: number) => ({
    name: `101-${nasty('fil')}-${loebenummer}.xml`,
    bytes: Buffer.from(
      writeLeveranceXml(aLeverance([parent, ...units.slice(0, count), refused], { loebenummer, leverandoer: nasty('system') })),
    ),
  })
  world.line.openNight(first)
  await world.line.take(first, 'nordsystem', [
    file(1, rows),
    { name: `${nasty('fil')}.txt`, bytes: Buffer.from(nasty('indhold')) },
  ])
  world.line.openNight(second)
  await world.line.take(second, 'nordsystem', [file(2, 4)])
  approver = await world.signedIn('godkende')
  operator = await world.signedIn('betjene')
  await fail({ jobId: 'receipt.x', code: 'SFTP_UNREACHABLE', message: nasty('besked'), hint: nasty('råd') })
})
afterAll(() => world.close())

describe('text of suppliers', () => {
  it('is text on every page, whatever it says', async () => {
    const { files, holds, units } = world.ctx.register.read((tx) => ({
      files: [first, second].flatMap((date) => tx.files.ofNight(date)),
      holds: tx.files.holds({}),
      units: tx.units.openInKommune(kommune),
    }))
    const admin = await world.signedIn('admin')
    const paths = [
      ...[
        '/',
        `/nat/${first}`,
        '/filer',
        '/holds',
        '/fejl',
        '/institution?nummer=%3Cimg%3E',
        '/kommune?kommune=%3Cimg+src%3Dx%3E',
        `/kommune/${kommune}`,
        '/cutoffs',
        '/brugere',
      ],
      ...[
        '/log',
        '/log?slags=step',
        `/log?emne=${encodeURIComponent(nasty('emne'))}&hvem=${encodeURIComponent(nasty('hvem'))}`,
        '/filer?nat=%22%3E%3Cimg%3E&leverandoer=%3Cimg%3E',
      ],
      ...files.flatMap(({ fileId }) => [`/filer/${fileId}`, `/filer/${fileId}/linje/1`, `/filer/${fileId}/linje/9`]),
      ...holds.map(({ holdId }) => `/holds/${holdId}`),
      ...units.slice(0, 3).flatMap(({ nummer }) => [`/institution/${nummer}`, `/institution/${nummer}?gaelder=2027-01-01`]),
    ]
    let all = ''
    for (const path of paths) {
      const { status, text } = await admin.get(path)
      expect([path, status]).toEqual([path, path.startsWith('/institution?') ? 404 : 200])
      expect(text, path).not.toMatch(/<img|<script|\[object/i)
      all += text
    }

    // Each kind of text did come to a page, so each was tried.
    const marks = ['navn', 'vej', 'fil', 'leverandør', 'besked', 'råd', 'id', 'emne', 'hvem']
    expect(marks.filter((mark) => !all.includes(`&lt;img src=x${mark} onerror=alert(1)&gt;`))).toEqual([])
  })

  it('is shown with the line it stood on', async () => {
    const file = world.ctx.register.read((tx) => tx.files.ofNight(first).find(({ state }) => state !== 'rejected'))
    const findings = world.ctx.register.read((tx) => tx.files.findings(file?.fileId ?? ''))
    const line = findings.find((finding) => finding.line !== null)?.line ?? 0
    const { text } = await approver.get(`/filer/${file?.fileId}/linje/${line}`)

    expect(line).toBeGreaterThan(0)
    expect(/<mark>(.*)\n<\/mark>/.exec(text)?.[1]).toMatch(new RegExp(`^ *${line}  .*&lt;`))
  })
})

describe('a unit', () => {
  it('is shown as it was on the date that we are asked what we knew on, like the command line does', async () => {
    const [known, later] = [parseMoment('2026-11-01'), parseMoment('2026-11-20')]
    const version = (validFrom: number, navn: string) =>
      aVersion('X10001', { validFrom, recordedFrom: known, admKommuneKode: '461', fields: { navn } })
    world.ctx.register.write((tx) => tx.units.write([version(known, 'Navn før'), version(later, 'Navn efter')]))

    const headings = ['', '?kendt=2026-11-10', '?gaelder=2026-11-10'].map(async (query) => {
      const { text } = await approver.get(`/institution/X10001${query}`)
      return /<h1>(.*?)<\/h1>/.exec(text)?.[1]
    })
    expect(await Promise.all(headings)).toEqual(['X10001 Navn efter', 'X10001 Navn før', 'X10001 Navn før'])
  })
})

describe('a hold', () => {
  it('is decided by who may, with a reason, by two persons where that is asked, and a double click is one decision', async () => {
    const [hold] = world.ctx.register.read((tx) => tx.files.holds({ state: 'open' }))
    const path = `/holds/${hold?.holdId}`
    const second = await world.signedIn('godkende')
    const approve = (browser: Browser, begrundelse: string) => browser.post(path, { afgoerelse: 'approved', begrundelse })

    expect((await operator.get(path)).text).not.toContain('name="afgoerelse"')
    expect((await approve(operator, 'jeg må ikke')).status).toBe(403)
    expect((await approve(approver, '  ')).status).toBe(400)
    expect(await approve(approver, 'klyngen lukker')).toMatchObject({ status: 303 })
    expect((await approver.get(path)).text).toContain('En anden skal også')
    const same = await approve(approver, 'klyngen lukker')
    expect([same.status, same.text.includes('En anden person skal godkende også')]).toEqual([409, true])
    const clicks = await Promise.all([approve(second, 'set efter'), approve(second, 'set efter')])
    expect(clicks.map(({ status }) => status)).toEqual([303, 303])
    expect((await approve(approver, 'for sent')).status).toBe(409)

    const decisions = world.ctx.register
      .read((tx) => tx.ledger.of(hold?.holdId ?? ''))
      .map(({ facts }) => [facts['decision'], facts['by'], facts['reason']])
    expect(decisions).toEqual([
      ['first approval', 'Bruger 1 (bruger1)', 'klyngen lukker'],
      ['approved', expect.stringMatching(/^Bruger \d \(bruger\d\)$/), 'set efter'],
    ])
    expect(world.ctx.register.read((tx) => tx.units.openInKommune(kommune)).length).toBe(5)
  })
})

describe('failed jobs', () => {
  it('stand by cause, newest first, with payload and what was done before', async () => {
    world.line.clock.turn(1_000)
    await fail({ jobId: 'push.b-1', job: 'push', code: 'UNILOGIN_UNREACHABLE' })
    await fail({ jobId: 'push.b-2', job: 'push', code: 'UNILOGIN_UNREACHABLE' })
    const { text } = await operator.get('/fejl')

    expect(text.indexOf('UNILOGIN_UNREACHABLE')).toBeLessThan(text.indexOf('SFTP_UNREACHABLE'))
    expect(text).toContain('{&quot;batchId&quot;:&quot;push.b-1&quot;}')
    expect((await approver.get('/fejl')).text).not.toContain('action="/fejl"')
  })

  it('of a target that was lost go back to their queue as a group, each once, whoever asks at the same time', async () => {
    const again = (browser: Browser) =>
      browser.post('/fejl', { gruppe: 'push.UNILOGIN_UNREACHABLE', begrundelse: 'Unilogin svarer igen' })
    const other = await world.signedIn('betjene')
    const pages = await Promise.all([again(operator), again(other), again(operator)])

    const done = pages.map(({ location }) => /sat=(\d+)/.exec(location ?? '')?.[1]).reduce((sum, n) => sum + Number(n), 0)
    expect(done).toBe(2)
    for (const jobId of ['push.b-1', 'push.b-2']) {
      expect(entriesOf(jobId)).toHaveLength(1)
      expect(world.ctx.register.read((tx) => tx.failures.find(jobId))).toMatchObject({
        reason: 'Unilogin svarer igen',
        payload: `{"batchId":"${jobId}"}`,
      })
    }
    expect(new Set(world.requeued)).toEqual(new Set(['push.push.b-1', 'push.push.b-2']))
  })

  it('are one re-queueing for who clicks twice, and somebody else’s for who comes later', async () => {
    await fail({ jobId: 'push.b-3', job: 'push', code: 'UNILOGIN_UNREACHABLE' })
    const again = (browser: Browser) => browser.post('/fejl', { job: 'push.b-3', begrundelse: 'igen' })

    expect((await Promise.all([again(operator), again(operator)])).map(({ location }) => location)).toEqual([
      '/fejl?sat=1',
      '/fejl?sat=1',
    ])
    const late = await again(await world.signedIn('betjene'))
    expect([late.status, late.text.includes('re-queued by Bruger')]).toEqual([409, true])
    expect(entriesOf('push.b-3')).toHaveLength(1)
  })

  it('of a setting wait until it is corrected', async () => {
    await fail({
      jobId: 'receipt.y',
      code: 'CONFIG_SETTING_INVALID',
      payload: { date: first, supplierId: 'vestsystem' },
      job: 'pull',
    })
    const refused = await operator.post('/fejl', { job: 'receipt.y', begrundelse: 'nu igen' })
    expect([refused.status, refused.text.includes('vestsystem is still not in the settings')]).toEqual([409, true])
    expect((await operator.get('/fejl')).text).toContain('Leverandøren vestsystem står stadig ikke i indstillingerne')

    const settings = { ...world.ctx.settings, suppliers: [...world.ctx.settings.suppliers, aSupplier('vestsystem')] }
    await requeueJob({ ...world.ctx, settings }, 'receipt.y', 'anna', 'leverandøren er tilføjet')
    expect(world.ctx.register.read((tx) => tx.failures.find('receipt.y'))).toMatchObject({ resolvedBy: 'anna' })
  })

  it('of a poisoned file run again once, and then not by this version of the program', async () => {
    const poisoned = { jobId: 'validate.f-1', job: 'validate', code: 'UNEXPECTED', payload: { fileId: 'f-1' } } as const
    await fail(poisoned)
    expect((await operator.post('/fejl', { job: poisoned.jobId, begrundelse: 'måske et uheld' })).status).toBe(303)
    world.line.clock.turn(1_000)
    await fail(poisoned)

    const { status, text } = await operator.post('/fejl', { job: poisoned.jobId, begrundelse: 'en gang til' })

    expect([status, text.includes('ask the supplier for a new file')]).toEqual([409, true])
    const page = await operator.get('/fejl')
    expect(page.text).toContain('Bed leverandøren sende en ny fil')
    expect(page.text).toContain('måske et uheld')
    expect(entriesOf(poisoned.jobId)).toHaveLength(1)
  })

  it('of a file that can never be processed are given up, in the role of who does it, and a double click is one', async () => {
    const jobId = 'validate.f-9'
    world.ctx.register.write((tx) => tx.files.insert(aFile('f-9', { date: second })))
    await fail({
      jobId,
      job: 'validate',
      code: 'STORE_BLOB_MISSING',
      message: `read of blob "${'cd'.repeat(32)}": the store has no such bytes`,
      payload: { fileId: 'f-9' },
    })
    const giveUp = (browser: Browser, begrundelse = 'leverandøren sender en ny') =>
      browser.post('/fejl/opgiv', { job: jobId, begrundelse })

    expect((await operator.get('/fejl')).text).toContain('action="/fejl/opgiv"')
    expect((await giveUp(approver)).status).toBe(403)
    expect((await giveUp(operator, ' ')).status).toBe(409)
    const clicks = await Promise.all([giveUp(operator), giveUp(operator)])
    expect(clicks.map(({ location }) => location)).toEqual(['/fejl?opgivet=1', '/fejl?opgivet=1'])
    expect((await operator.get('/fejl?opgivet=1')).text).toContain('leverandøren får det at vide')
    const late = await operator.post('/fejl', { job: jobId, begrundelse: 'prøv' })
    expect([late.status, late.text.includes('which was dismissed by')]).toEqual([409, true])

    const entries = world.ctx.register.read((tx) => tx.ledger.of(jobId)).map(({ type, facts }) => [type, facts['role']])
    expect(entries).toEqual([['dismissal', 'betjene']])
  })

  it('say what running them again would come to', async () => {
    const [file] = world.ctx.register.read((tx) => tx.files.ofNight(first).filter(({ state }) => state !== 'rejected'))
    await fail({ jobId: 'validate.f-8', job: 'validate', code: 'JOB_DEADLINE_PASSED', payload: { fileId: file?.fileId ?? '' } })
    await fail({ jobId: 'pull.x', job: 'pull', code: 'JOB_DEADLINE_PASSED', payload: { date: first, supplierId: 'nordsystem' } })
    const { text } = await operator.get('/fejl')

    expect(text).toMatch(/Køres det igen: intet: 101-.* er (indlæst|leveret)\./)
    expect(text).toContain('Køres det igen: nordsystems mappe ses igennem igen.')
    await operator.post('/fejl', { gruppe: 'validate.JOB_DEADLINE_PASSED', begrundelse: 'færdig' })
    await operator.post('/fejl', { gruppe: 'pull.JOB_DEADLINE_PASSED', begrundelse: 'færdig' })
  })

  it('of a file that a newer one has overtaken stay as they are', async () => {
    const old = world.ctx.register.read((tx) => tx.files.ofNight(first).find(({ state }) => state !== 'rejected'))
    await fail({ jobId: `plan.${old?.fileId}`, job: 'plan', code: 'JOB_DEADLINE_PASSED', payload: { fileId: old?.fileId ?? '' } })

    const { status, text } = await operator.post('/fejl', { job: `plan.${old?.fileId}`, begrundelse: 'prøv' })

    expect([status, text.includes('newer file no. 2 has been applied')]).toEqual([409, true])
  })

  it('of missing bytes wait until they are back', async () => {
    const sha256 = 'ab'.repeat(32)
    await fail({
      jobId: 'receipt.z',
      code: 'STORE_BLOB_MISSING',
      message: `read of blob "${sha256}": the store has no such bytes`,
    })

    expect((await operator.post('/fejl', { job: 'receipt.z', begrundelse: 'prøv' })).status).toBe(409)
  })

  it('all together: those that can go, and the others say why', async () => {
    await fail({ jobId: 'push.b-4', job: 'push', code: 'UNILOGIN_UNREACHABLE' })
    const open = world.ctx.register.read((tx) => tx.failures.open()).length

    const { location } = await operator.post('/fejl', { alt: '1', begrundelse: 'oprydning' })

    expect(location).toBe(`/fejl?sat=${open - 3}&ikke=3`)
    expect((await operator.get(location ?? '')).text).toContain('3 job blev ikke')
    expect(world.ctx.register.read((tx) => tx.failures.open()).length).toBe(3)
  })
})

interface Failing {
  readonly jobId: string
  readonly job?: JobFailure['job']
  readonly code: string
  readonly message?: string
  readonly hint?: string
  readonly payload?: Readonly<Record<string, string>>
}

async function fail({ jobId, job = 'receipt', payload, ...said }: Failing): Promise<void> {
  const about = payload ?? (job === 'push' ? { batchId: jobId } : { receiptId: jobId, inputSha256: 'x'.repeat(64) })
  const failedAt = world.line.clock.now()
  const failure = aFailure(jobId, {
    ...said,
    job,
    queue: job === 'push' ? 'push' : 'receipt',
    payload: JSON.stringify(about),
    failedAt,
  })
  world.ctx.register.write((tx) => tx.failures.put(failure))
}

function entriesOf(jobId: string) {
  return world.ctx.register.read((tx) => tx.ledger.of(jobId)).filter(({ type }) => type === 'requeue')
}
