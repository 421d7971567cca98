import { type CommandNode, type Flag, type Value, withAllBelow } from './command-tree.ts'

/** A completion for fish: a line for each command and option, each held to the command that the words before it name. */
export function buildFishCompletion(root: CommandNode): string {
  const [name = ''] = root.path
  const nodes = withAllBelow(root)
  const takers = new Set(nodes.flatMap(({ flags }) => flags.filter(({ value }) => value !== null).map((flag) => flag.name)))
  const paths = nodes.slice(1).map(({ path }) => quoted(path.slice(1).join(' ')))
  return `# Completion of ${name} for fish. Load it with: ${name} completion fish | source

# Whether the words before the cursor name a command.
function __${name}_at
  set -l at
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
    else if contains -- $word ${[...takers].join(' ')}
      set skip 1
    else if contains -- (string join ' ' $at $word) ${paths.join(' ')}
      set -a at $word
    end
  end
  test "$at" = "$argv"
end

complete -c ${name} -f
${root.flags.map((flag) => `complete -c ${name} ${toOption(flag)}`).join('\n')}
${nodes.flatMap((node) => toLines(node, node === root ? [] : node.flags)).join('\n')}
`
}

function toLines({ path, commands, args }: CommandNode, flags: readonly Flag[]): string[] {
  const [name = '', ...rest] = path
  const here = `complete -c ${name} -n ${quoted(`__${name}_at ${rest.join(' ')}`.trimEnd())}`
  const [first] = args
  return [
    ...commands.map((command) => `${here} -a ${command.path.at(-1)} -d ${quoted(command.what)}`),
    ...flags.map((flag) => `${here} ${toOption(flag)}`),
    ...(first === undefined || first.kind === 'any' ? [] : [`${here} ${candidatesOf(first)}`]),
  ]
}

function toOption({ name, what, value }: Flag): string {
  const flag = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
  const follows = value === null ? '' : value.kind === 'file' ? ' -r -F' : ` -x ${candidatesOf(value)}`.trimEnd()
  return `${flag} -d ${quoted(what)}${follows}`
}

function candidatesOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `-a ${quoted(value.words.join(' '))}`
    case 'file':
      return '-F'
    case 'folder':
      return `-a ${quoted('(__fish_complete_directories)')}`
    case 'any':
      return ''
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
