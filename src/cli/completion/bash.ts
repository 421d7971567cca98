import { type CommandNode, type Flag, type Value, withAllBelow } from './command-tree.ts'

/**
 * A completion for bash 3.2 and later. It walks the words before the cursor to find out which command they are in; all that
 * it knows stands in it, so that no program is started when somebody presses Tab.
 */
export function buildBashCompletion(root: CommandNode): string {
  const [name = ''] = root.path
  const below = withAllBelow(root).slice(1)
  const values = [
    ...root.flags.flatMap((flag) => valueCase('*', flag)),
    ...below.flatMap(({ path, flags }) => flags.flatMap((flag) => valueCase(`'${path.join(' ')}'`, flag))),
  ]
  return `# Completion of ${name} for bash. Load it with: source <(${name} completion bash)

# What may follow an option; fails when nothing does.
_${name}_value() {
  case "$1" in
${values.join('\n')}
    *) return 1 ;;
  esac
}

# What a command has: 'commands', 'flags' or 'args'.
_${name}_words() {
  case "$1" in
${[root, ...below].map((node) => wordsCase(node, node === root ? [] : node.flags)).join('\n')}
  esac
  if [ "$2" = flags ]; then echo '${namesOf(root.flags)}'; fi
}

_${name}_paths() {
  compopt -o filenames 2>/dev/null
  compgen "$1" -- "$2"
}

_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" at=${name} value= words i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ "$word" = = ]; then continue; fi
    if [ -n "$value" ]; then value=; continue; fi
    case "$word" in
      -*) if _${name}_value "$at $word" >/dev/null; then value="$at $word"; fi ;;
      *) case " $(_${name}_words "$at" commands) " in *" $word "*) at="$at $word" ;; esac ;;
    esac
  done
  if [ "$cur" = = ]; then cur=; fi
  if [ -n "$value" ]; then words="$(_${name}_value "$value")"
  elif [ "\${cur#-}" != "$cur" ]; then words="$(_${name}_words "$at" flags)"
  else words="$(_${name}_words "$at" args)"; fi
  local IFS=$' \\n'
  case "$words" in
    @file) IFS=$'\\n'; COMPREPLY=($(_${name}_paths -f "$cur")) ;;
    @folder) IFS=$'\\n'; COMPREPLY=($(_${name}_paths -d "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}

complete -F _${name} ${name}
`
}

function valueCase(at: string, { name, value }: Flag): string[] {
  return value === null ? [] : [`    ${at}' ${name}') echo '${toWords(value)}' ;;`]
}

function wordsCase({ path, commands, args }: CommandNode, flags: readonly Flag[]): string {
  const names = commands.map((command) => command.path.at(-1)).join(' ')
  const first = args[0] === undefined ? names : toWords(args[0])
  return `    '${path.join(' ')}') case "$2" in commands) echo '${names}' ;; flags) echo '${namesOf(flags)}' ;; args) echo '${first}' ;; esac ;;`
}

function namesOf(flags: readonly Flag[]): string {
  return flags.map(({ name }) => name).join(' ')
}

function toWords(value: Value): string {
  if (value.kind === 'words') return value.words.join(' ')
  return value.kind === 'any' ? '' : `@${value.kind}`
}
