import { type CommandNode, type Flag, type Value, withAllBelow } from './command-tree.ts'

/** A completion for zsh: a function for each command, by the shell's own `_arguments`. */
export function buildZshCompletion(root: CommandNode): string {
  const [name = ''] = root.path
  const functions = withAllBelow(root).map((node) =>
    toFunction(node, node === root ? root.flags : [...node.flags, ...root.flags]),
  )
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it after compinit with: source <(${name} completion zsh)

${functions.join('\n\n')}

compdef ${functionOf(root)} ${name}
`
}

function toFunction(node: CommandNode, flags: readonly Flag[]): string {
  const { commands, args, variadic } = node
  const specs = flags.map(toSpec)
  if (commands.length === 0) {
    const places = args.map((value, i) => `'${variadic && i === args.length - 1 ? '*' : i + 1}:: :${actionOf(value)}'`)
    return `${functionOf(node)}() {\n  _arguments ${[...specs, ...places].join(' \\\n    ')}\n}`
  }
  const described = commands.map(({ path, what }) => quoted(`${path.at(-1)}:${what.replaceAll(':', '\\:')}`)).join('\n    ')
  const cases = commands.map((command) => `      ${command.path.at(-1)}) ${functionOf(command)} ;;`).join('\n')
  return `${functionOf(node)}() {
  local state line
  local -a commands=(
    ${described}
  )
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->below'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    below) case $line[1] in
${cases}
    esac ;;
  esac
}`
}

function functionOf({ path }: CommandNode): string {
  return `_${path.join('_').replaceAll('-', '_')}`
}

function toSpec({ name, what, value }: Flag): string {
  const told = what.replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:')
  return quoted(`${name}[${told}]${value === null ? '' : `: :${actionOf(value)}`}`)
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`
    case 'file':
      return '_files'
    case 'folder':
      return '_files -/'
    case 'any':
      return ' '
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
