import { signOutEverywhere } from '../../app/manage-users.ts'
import { sessionLimits } from '../../app/sign-in.ts'
import { inBoth } from '../../domain/bilingual-text.ts'
import { type Role, signatureOf } from '../../domain/roles.ts'
import { roleWords } from '../../domain/words.ts'
import { clock } from '../clock.ts'
import { type ConsoleContext, type PageContext, visitorOf } from '../context.ts'
import { T } from '../language.tsx'
import { page, Table, Token } from '../layout.tsx'
import { formText, notThere, queryText } from '../query.ts'

const title = { da: 'Brugere', en: 'Users' }

/** Who has a way in, and who is in. */
export function usersPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const visitor = visitorOf(c)
  const sessions = ctx.accounts.sessions(sessionLimits(ctx.settings, ctx.clock.now()))
  return page(
    c,
    ctx,
    { title, here: '/brugere' },
    <>
      <h1>
        <T {...title} />
      </h1>
      {queryText(c, 'ok') === undefined ? null : (
        <div class="banner god" role="status">
          <p>
            <T da="Logget ud." en="Signed out." />
          </p>
        </div>
      )}
      <p class="soft">
        <T da="Brugere tilføjes og fjernes på kommandolinjen:" en="Users are added and removed on the command line:" />{' '}
        <code>{'dagtilbud user add'}</code>, <code>{'dagtilbud user remove'}</code>.
      </p>
      <Table
        caption={{ da: 'Brugere med adgangskode her', en: 'Users with a password here' }}
        empty={{ da: 'Ingen; alle logger ind hos jeres udbyder.', en: 'None; everybody signs in at your provider.' }}
        head={[
          { da: 'Brugernavn', en: 'User name' },
          { da: 'Navn', en: 'Name' },
          { da: 'Roller', en: 'Roles' },
          { da: 'Tilføjet', en: 'Added' },
        ]}
        rows={ctx.accounts
          .users()
          .map(({ brugernavn, navn, roller, createdAt }) => [brugernavn, navn, <T {...rolesText(roller)} />, clock(createdAt)])}
      />
      <h2>
        <T da="Logget ind nu" en="Signed in now" />
      </h2>
      <Table
        caption={{ da: 'Sessioner, nyeste først', en: 'Sessions, newest first' }}
        head={[
          { da: 'Hvem', en: 'Who' },
          { da: 'Fra', en: 'By' },
          { da: 'Siden', en: 'Since' },
          { da: 'Sidst set', en: 'Last seen' },
          { da: '', en: '' },
        ]}
        rows={sessions.map(({ kilde, person, openedAt, seenAt }) => [
          signatureOf(person),
          kilde === 'lokal' ? <T da="adgangskode her" en="password here" /> : <T da="jeres udbyder" en="your provider" />,
          clock(openedAt),
          clock(seenAt),
          <form method="post" action="/brugere">
            <Token visitor={visitor} />
            <input type="hidden" name="kilde" value={kilde} />
            <input type="hidden" name="brugernavn" value={person.brugernavn} />
            <button type="submit" class="plain">
              <T da="Log ud overalt" en="Sign out everywhere" />
            </button>
          </form>,
        ])}
      />
    </>,
  )
}

function rolesText(roller: readonly Role[]) {
  return inBoth((say) => roller.map((role) => say(roleWords[role])).join(', '))
}

/** Ends every session of a person. */
export async function endSessions(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const kilde = await formText(c, 'kilde')
  if (kilde !== 'lokal' && kilde !== 'oidc') throw notThere('a session of that kind')
  await signOutEverywhere(ctx, kilde, await formText(c, 'brugernavn'), signatureOf(visitorOf(c).session.person))
  return c.redirect('/brugere?ok=1', 303)
}
