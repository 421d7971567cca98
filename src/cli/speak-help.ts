import type { Command } from 'commander'
import type { BilingualText, Say } from '../domain/bilingual-text.ts'

/** Headings of commander's help. */
const headings: Readonly<Record<string, BilingualText>> = {
  'Usage:': { da: 'Brug:', en: 'Usage:' },
  'Arguments:': { da: 'Argumenter:', en: 'Arguments:' },
  'Options:': { da: 'Valg:', en: 'Options:' },
  'Global Options:': { da: 'Valg for alle kommandoer:', en: 'Options of every command:' },
  'Commands:': { da: 'Kommandoer:', en: 'Commands:' },
}

/** Lets the help speak the person's language; every command added afterwards inherits it. */
export function speakHelp(cli: Command, say: Say): void {
  cli.configureHelp({ styleTitle: (heading) => say(headings[heading] ?? { da: heading, en: heading }), showGlobalOptions: true })
  cli.helpOption('-h, --help', say({ da: 'vis hjælp', en: 'show help' }))
  cli.helpCommand('help [command]', say({ da: 'vis hjælp til en kommando', en: 'show the help of a command' }))
}
