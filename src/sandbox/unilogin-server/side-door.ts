import { Hono } from 'hono'
import { z } from 'zod'
import { type InstitutionRecord, institutionRecordFields } from '../../domain/institution-record.ts'
import { toIso, toWallTime } from '../../domain/time.ts'
import { instnrPattern } from '../../formats/unilogin/institution-element.ts'
import { AgreementChange, NewNumbers } from './agreement-store.ts'
import { SandboxSystem } from './sandbox-settings.ts'
import type { SandboxState } from './sandbox-state.ts'
import { WeatherRule } from './weather.ts'

const ClockTurn = z.union([z.strictObject({ at: z.iso.datetime() }), z.strictObject({ advanceMs: z.number().int() })])

const SeedInstitution = z.strictObject({
  record: z
    .partialRecord(z.enum(institutionRecordFields), z.string().min(1))
    .refine((record) => instnrPattern.test(record.instnr ?? ''), {
      error: 'instnr must be six capitals or digits',
    }),
  closed: z.boolean().default(false),
})

/** What becomes of new numbers from now on, and what is decided about others. */
const AgreementOrder = z.strictObject({ newNumbers: NewNumbers.optional(), set: z.array(AgreementChange).default([]) })

/**
 * The sandbox's side door: plain JSON under `/_sandbox/`, for tests, demos and people. It stands on its own port, so that
 * nothing on the SOAP port looks different from a real service.
 */
export function createSideDoor(state: SandboxState): Hono {
  const door = new Hono().basePath('/_sandbox')

  door.get('/clock', (ctx) => ctx.json(showClock(state)))
  door.post('/clock', async (ctx) => {
    const turn = ClockTurn.parse(await ctx.req.json())
    if ('at' in turn) state.clock.set(Date.parse(turn.at))
    else state.clock.advance(turn.advanceMs)
    return ctx.json(showClock(state))
  })

  door.get('/weather', (ctx) => ctx.json(state.weather.list()))
  door.put('/weather', async (ctx) => {
    state.weather.replace(z.array(WeatherRule).parse(await ctx.req.json()))
    return ctx.json(state.weather.list())
  })

  door.get('/systems', (ctx) => ctx.json(state.systems.list()))
  door.put('/systems', async (ctx) => {
    state.systems.replace(z.array(SandboxSystem).parse(await ctx.req.json()))
    return ctx.json(state.systems.list())
  })

  door.get('/institutions', (ctx) => ctx.json(state.institutions.count()))
  door.get('/institutions/:instnr', (ctx) => {
    const instnr = ctx.req.param('instnr')
    const institution = state.institutions.find(instnr)
    return institution === null ? ctx.notFound() : ctx.json({ ...institution, clocks: state.institutions.clocks(instnr) })
  })
  door.put('/institutions', async (ctx) => {
    const seeds = z.array(SeedInstitution).parse(await ctx.req.json())
    state.database.transaction(() => {
      for (const { record, closed } of seeds) {
        state.institutions.save({ record: record as InstitutionRecord, closed }, state.clock.now())
        for (const { id } of state.systems.list()) state.agreements.open(id, record.instnr as string)
      }
    })()
    return ctx.json(state.institutions.count())
  })

  const showAgreements = () => ({ newNumbers: state.agreements.newNumbers(), counts: state.agreements.counts() })
  door.get('/agreements', (ctx) => ctx.json(showAgreements()))
  door.get('/agreements/:instnr', (ctx) => ctx.json(state.agreements.history(ctx.req.param('instnr'))))
  door.put('/agreements', async (ctx) => {
    const { newNumbers, set } = AgreementOrder.parse(await ctx.req.json())
    if (newNumbers !== undefined) state.agreements.setNewNumbers(newNumbers)
    for (const change of set) state.agreements.set(change)
    return ctx.json(showAgreements())
  })

  door.get('/calls', (ctx) => {
    const limit = z.coerce.number().int().min(0).max(10_000).default(100).parse(ctx.req.query('limit'))
    return ctx.json({ counts: state.calls.counts(), calls: state.calls.list(limit, ctx.req.query('instnr') ?? null) })
  })

  door.post('/reset', (ctx) => {
    state.reset()
    return ctx.json({ ok: true })
  })

  door.onError((error, ctx) => {
    if (error instanceof z.ZodError) return ctx.json({ error: z.prettifyError(error) }, 400)
    if (error instanceof SyntaxError) return ctx.json({ error: 'the body is not JSON' }, 400)
    throw error
  })
  return door
}

function showClock(state: SandboxState): { readonly at: string; readonly wallTime: string } {
  const now = state.clock.now()
  return { at: toIso(now), wallTime: toWallTime(now) }
}
