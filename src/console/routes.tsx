import type { SignIn } from '../app/sign-in.ts'
import type { Route } from './context.ts'
import { cutoffsPage } from './pages/cutoffs.tsx'
import { dismiss, failuresPage, requeue } from './pages/failures.tsx'
import { filePage, linePage } from './pages/file.tsx'
import { filesPage } from './pages/files.tsx'
import { decide, holdPage } from './pages/hold.tsx'
import { holdsPage } from './pages/holds.tsx'
import { kommunePage } from './pages/kommune.tsx'
import { ledgerPage } from './pages/ledger.tsx'
import { nightPage } from './pages/night.tsx'
import { signInRoutes } from './pages/sign-in.tsx'
import { unitPage } from './pages/unit.tsx'
import { endSessions, usersPage } from './pages/users.tsx'

/** Every page and action of the console, and the role it needs. */
export function createRoutes(signIn: SignIn): readonly Route[] {
  return [
    ...signInRoutes(signIn),
    { method: 'get', path: '/', needs: 'se', handle: nightPage },
    { method: 'get', path: '/nat/:date', needs: 'se', handle: nightPage },
    { method: 'get', path: '/filer', needs: 'se', handle: filesPage },
    { method: 'get', path: '/filer/:id', needs: 'se', handle: filePage },
    { method: 'get', path: '/filer/:id/linje/:line', needs: 'se', handle: linePage },
    { method: 'get', path: '/holds', needs: 'se', handle: holdsPage },
    { method: 'get', path: '/holds/:id', needs: 'se', handle: holdPage },
    { method: 'post', path: '/holds/:id', needs: 'godkende', handle: decide },
    { method: 'get', path: '/fejl', needs: 'se', handle: failuresPage },
    { method: 'post', path: '/fejl', needs: 'betjene', handle: requeue },
    { method: 'post', path: '/fejl/opgiv', needs: 'betjene', handle: dismiss },
    { method: 'get', path: '/institution', needs: 'se', handle: unitPage },
    { method: 'get', path: '/institution/:nummer', needs: 'se', handle: unitPage },
    { method: 'get', path: '/kommune', needs: 'se', handle: kommunePage },
    { method: 'get', path: '/kommune/:kode', needs: 'se', handle: kommunePage },
    { method: 'get', path: '/cutoffs', needs: 'se', handle: cutoffsPage },
    { method: 'get', path: '/log', needs: 'se', handle: ledgerPage },
    { method: 'get', path: '/brugere', needs: 'admin', handle: usersPage },
    { method: 'post', path: '/brugere', needs: 'admin', handle: endSessions },
  ]
}
