import { signOutEverywhere } from '../../app/manage-users.ts'
import { sessionLimits } from '../../app/sign-in.ts'
import { signatureOf } from '../../domain/roles.ts'
import { roleWords } from '../../domain/words.ts'
import { type ConsoleContext, type PageContext, visitorOf } from '../context.ts'
import { page, Table, Token } from '../layout.tsx'
import { formText, notThere, queryText } from '../query.ts'
import { clock } from '../words.ts'

/** Who has a way in, and who is in. */
export function usersPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const visitor = visitorOf(c)
  const sessions = ctx.accounts.sessions(sessionLimits(ctx.settings, ctx.clock.now()))
  return page(
    c,
    ctx,
    { title: 'Brugere', here: '/brugere' },
    <>
      <h1>Brugere</h1>
      {queryText(c, 'ok') === undefined ? null : (
        <div class="banner god" role="status">
          <p>Logget ud.</p>
        </div>
      )}
      <p class="soft">
        Brugere tilføjes og fjernes på kommandolinjen: <code>dagtilbud user add</code>, <code>user remove</code>.
      </p>
      <Table
        caption="Brugere med adgangskode her"
        empty="Ingen; alle logger ind hos jeres udbyder."
        head={['Brugernavn', 'Navn', 'Roller', 'Tilføjet']}
        rows={ctx.accounts
          .users()
          .map(({ brugernavn, navn, roller, createdAt }) => [
            brugernavn,
            navn,
            roller.map((role) => roleWords[role].da).join(', '),
            clock(createdAt),
          ])}
      />
      <h2>Logget ind nu</h2>
      <Table
        caption="Sessioner, nyeste først"
        head={['Hvem', 'Fra', 'Siden', 'Sidst set', '']}
        rows={sessions.map(({ kilde, person, openedAt, seenAt }) => [
          signatureOf(person),
          kilde === 'lokal' ? 'adgangskode her' : 'jeres udbyder',
          clock(openedAt),
          clock(seenAt),
          <form method="post" action="/brugere">
            <Token visitor={visitor} />
            <input type="hidden" name="kilde" value={kilde} />
            <input type="hidden" name="brugernavn" value={person.brugernavn} />
            <button type="submit" class="plain">
              Log ud overalt
            </button>
          </form>,
        ])}
      />
    </>,
  )
}

/** Ends every session of a person. */
export async function endSessions(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const kilde = await formText(c, 'kilde')
  if (kilde !== 'lokal' && kilde !== 'oidc') throw notThere('a session of that kind')
  await signOutEverywhere(ctx, kilde, await formText(c, 'brugernavn'), signatureOf(visitorOf(c).session.person))
  return c.redirect('/brugere?ok=1', 303)
}
