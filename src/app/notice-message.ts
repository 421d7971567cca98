import type { Alert, AlertKind, Cause, NoticeKind } from '../domain/alert.ts'
import { type BusinessDate, type Instant, toIso, toMinute } from '../domain/time.ts'
import type { Message } from '../ports/channels.ts'
import type { Notice } from '../ports/register/alerts.ts'
import type { RegisterContext } from './context.ts'
import { nightReport } from './night-report.ts'
import { nightVerdict } from './night-verdict.ts'
import { renderNightReport } from './render-night-report.ts'

const titles: Readonly<Record<AlertKind, string>> = {
  frist: 'en frist er i fare',
  misset: 'en frist er misset',
  nat: 'natten er ikke lukket',
  unilogin: 'Unilogin svarer ikke',
  server: 'en leverandørs server kan ikke læses',
  job: 'job er standset',
  vedligehold: 'registrets kontrol eller sikkerhedskopi',
  aftaleliste: 'listen over dataaftaler er mistænkelig',
  'ikke-naaet': 'ændringer er ikke nået frem',
  kanal: 'beskeder når ikke frem',
}

const openings: Readonly<Record<Exclude<NoticeKind, 'rapport'>, string>> = {
  begyndt: 'Nyt',
  paamindet: 'Stadig',
  loest: 'Løst',
  passeret: 'For sent',
  selvtest: 'Selvtest',
}

/** What a notice says: to people in Danish, to programs as `dagtilbud-besked-1`. */
export function noticeMessage(ctx: RegisterContext, notice: Notice, causes: readonly Cause[]): Message {
  const { noticeId, kind, channel, alertId, createdAt, date } = notice
  const alert = alertId === null ? null : ctx.register.read((tx) => tx.alerts.find(alertId))
  const cause = alert === null ? null : (causes.find((one) => one.kind === alert.kind && one.subject === alert.subject) ?? null)
  const link = ctx.settings.console.publicUrl ?? null
  const { title, body, html } = kind === 'rapport' ? reportWords(ctx, date ?? '') : alertWords(kind, alert, cause)
  const ending = [...(link === null ? [] : [`Se: ${link}`]), `Besked ${noticeId}`]
  return {
    id: noticeId,
    replyTo: alertId === null || kind === 'begyndt' ? null : `${alertId}.begyndt.${channel}`,
    subject: `[Dagtilbud] ${title}`,
    text: `${[body, '', ...ending].join('\n')}\n`,
    html,
    document: {
      format: 'dagtilbud-besked-1',
      id: noticeId,
      art: kind,
      lavet: toIso(createdAt),
      dato: date,
      varsel: alert === null ? null : toVarsel(alert, cause),
      link,
    },
  }
}

interface Words {
  readonly title: string
  readonly body: string
  readonly html: string | null
}

function alertWords(kind: Exclude<NoticeKind, 'rapport'>, alert: Alert | null, cause: Cause | null): Words {
  const title = `${openings[kind]}: ${alert === null ? 'kanalen virker; ingen skal gøre noget' : titles[alert.kind]}`
  return { title, body: [title, ...(alert === null ? [] : alertLines(alert, cause, kind))].join('\n'), html: null }
}

/** The morning report, as `dagtilbud night show` prints it. */
function reportWords(ctx: RegisterContext, date: BusinessDate): Words {
  const report = nightReport(ctx, date)
  if (report === null) return { title: `Nat ${date}`, body: `Der er ingen nat ${date}.`, html: null }
  const title = `Nat ${date}: ${nightVerdict(report).text.da}`
  const body = renderNightReport(report).da
  return { title, body, html: asHtml(title, body) }
}

function asHtml(title: string, body: string): string {
  const style = 'font: 13px/1.4 ui-monospace, Consolas, monospace'
  return `<!doctype html><html lang="da"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body><pre style="${style}">${escaped(body)}</pre></body></html>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function alertLines(alert: Alert, cause: Cause | null, kind: NoticeKind): string[] {
  const ends: Partial<Record<NoticeKind, string>> = {
    loest: `Slut:    ${clock(alert.endedAt)}`,
    passeret: `Slut:    ${clock(alert.endedAt)}; det nåede ikke at blive løst. Se dagtilbud night show`,
  }
  const end = ends[kind]
  return [
    '',
    ...(cause === null ? [] : [`Hvad:    ${cause.what}`]),
    `Hvem:    ${alert.who}`,
    ...(alert.latestAt === null || end !== undefined ? [] : [`Senest:  ${clock(alert.latestAt)}`]),
    `Begyndt: ${clock(alert.beganAt)}`,
    ...(end === undefined ? [] : [end]),
  ]
}

function toVarsel({ alertId, kind, subject, who, beganAt, latestAt, reminders, endedAt }: Alert, cause: Cause | null) {
  return {
    id: alertId,
    aarsag: kind,
    emne: subject,
    hvem: who,
    hvad: cause?.what ?? null,
    begyndt: toIso(beganAt),
    senest: latestAt === null ? null : toIso(latestAt),
    paamindelser: reminders,
    slut: endedAt === null ? null : toIso(endedAt),
  }
}

function clock(at: Instant | null): string {
  return at === null ? '' : toMinute(at)
}
