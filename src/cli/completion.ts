import { Argument, type Command } from 'commander'
import { same } from '../domain/bilingual-text.ts'
import { buildBashCompletion } from './completion/bash.ts'
import { readCommandTree } from './completion/command-tree.ts'
import { buildFishCompletion } from './completion/fish.ts'
import { buildZshCompletion } from './completion/zsh.ts'
import { example } from './example.ts'
import type { Screen } from './screen.ts'

const builders = { bash: buildBashCompletion, zsh: buildZshCompletion, fish: buildFishCompletion } as const

/** `dagtilbud completion SHELL`: lets a shell complete commands, options and their values. */
export function registerCompletion(cli: Command, { say, print }: Screen): void {
  cli
    .command('completion')
    .addArgument(new Argument('<shell>', say({ da: 'din shell', en: 'your shell' })).choices(Object.keys(builders)))
    .description(
      say({
        da: 'skriv det, der lader din shell fuldende kommandoer; indlæs det fra dens opstartsfil',
        en: 'print what lets your shell complete commands; load it from its start-up file',
      }),
    )
    .addHelpText('after', example(say, 'source <(dagtilbud completion bash)'))
    .action((shell: keyof typeof builders) => print(same(builders[shell](readCommandTree(cli)))))
}
