import type { RegisterContext } from '../app/context.ts'
import { type NightOverview, nightOverview } from '../app/night-overview.ts'
import type { BusinessDate } from '../domain/time.ts'
import { follow } from './follow.ts'
import { notBegun, renderWatch, renderWatchLine } from './render-watch.ts'
import type { Screen } from './screen.ts'
import { toWatchDocument } from './watch-document.ts'

/** How often the register is asked: the overview of a large night takes some 80 ms. */
const pollMs = 1_000

/**
 * Shows a night while it runs, drawn anew in its place on a terminal, a line per change elsewhere; ends when the night is
 * closed. Waits for a night that has not begun.
 */
export async function watchNight(
  ctx: RegisterContext,
  date: BusinessDate,
  screen: Screen,
  options: { readonly json: boolean; readonly pollMs?: number },
): Promise<NightOverview> {
  const show = (overview: NightOverview | null) => {
    const now = ctx.clock.now()
    if (options.json) {
      if (overview !== null) screen.printJsonLine(toWatchDocument(overview))
    } else if (overview === null) screen.draw(notBegun(date))
    else if (screen.isTerminal) screen.draw(renderWatch(overview, now, screen.paint))
    else screen.draw(renderWatchLine(overview, now))
  }
  const seen = await follow(
    () => nightOverview(ctx, date),
    (overview) => overview?.report.state === 'closed',
    {
      onChange: show,
      keyOf: (overview) => (overview === null ? null : toWatchDocument(overview)),
      pollMs: options.pollMs ?? pollMs,
    },
  )
  return seen as NightOverview
}
