import type { Argument, Command, Option } from 'commander'

/** What may stand in a place: one of some words, a path, or anything else. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'any' }

export interface Flag {
  /** With its dashes. */
  readonly name: string
  readonly what: string
  /** What must follow it; null when nothing does. */
  readonly value: Value | null
}

/** A command as a shell sees it. */
export interface CommandNode {
  /** From the program's name on: ['dagtilbud', 'night', 'show']. */
  readonly path: readonly string[]
  readonly what: string
  readonly commands: readonly CommandNode[]
  /** Those of the root are every command's. */
  readonly flags: readonly Flag[]
  readonly args: readonly Value[]
  /** The last of the arguments may be repeated. */
  readonly variadic: boolean
}

/** Reads commander's own tree, so that a completion knows each command and option that there is. */
export function readCommandTree(root: Command): CommandNode {
  const flags = flagsOf(root)
  const everywhere = new Set(flags.map(({ name }) => name))
  return { ...toNode(root, [root.name()], everywhere), flags }
}

/** A command and all below it. */
export function withAllBelow(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(withAllBelow)]
}

function toNode(command: Command, path: readonly string[], everywhere: ReadonlySet<string>): CommandNode {
  const below = command.createHelp().visibleCommands(command)
  return {
    path,
    what: command.description(),
    commands: below.map((sub) => toNode(sub, [...path, sub.name()], everywhere)),
    flags: flagsOf(command).filter(({ name }) => !everywhere.has(name)),
    args: command.registeredArguments.map((argument) => toValue(argument, argument.name())),
    variadic: command.registeredArguments.at(-1)?.variadic === true,
  }
}

function flagsOf(command: Command): Flag[] {
  return command.createHelp().visibleOptions(command).flatMap(toFlags)
}

/** The short and the long name of an option. */
function toFlags(option: Option): Flag[] {
  const value = option.isBoolean() ? null : toValue(option, /<([^<>]+)>/.exec(option.flags)?.[1] ?? '')
  return [option.short, option.long].flatMap((name) => (name ? [{ name, what: option.description, value }] : []))
}

/** Ours: what the help calls a file or a folder is one. */
function toValue({ argChoices }: Option | Argument, name: string): Value {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices }
  if (name === 'file' || name === 'folder') return { kind: name }
  return { kind: 'any' }
}
