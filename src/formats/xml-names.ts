import type { FileStop } from './file-stop.ts'
import { leveranceNamespace } from './leverance-elements.ts'
import type { XmlAttribute } from './xml-tokens.ts'

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

/** An element by its namespace. */
export interface EnteredElement {
  /** Its local name when it is in our namespace, else null. */
  readonly local: string | null
  /** Its attributes but for declarations of namespaces and hints to a schema, which are nobody's data. */
  readonly own: readonly XmlAttribute[]
}

/** Makes the stop for a document that breaks the rules of namespaces. */
type Malformed = (cause: string, causeEn: string) => FileStop

/** The namespaces in force while a document is read. Source: Namespaces in XML 1.0 (W3C), third edition. */
export interface XmlNames {
  enter(name: string, attributes: readonly XmlAttribute[], malformed: Malformed): EnteredElement
  leave(): void
  /** True while a name without prefix is in our namespace. */
  isPlain(): boolean
}

/** What one element declares, and the scope around it: nothing is copied, so that declaring costs what is declared. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>
  readonly outer: Scope | null
}

/** Starts outside the root element. */
export function createXmlNames(): XmlNames {
  let scope: Scope = {
    declared: new Map([
      ['', ''],
      ['xml', xmlNamespace],
    ]),
    outer: null,
  }
  const outer: Scope[] = []

  return {
    enter(name, attributes, malformed) {
      outer.push(scope)
      if (attributes.length > 0) scope = declare(scope, attributes, malformed)
      const own = attributes.length === 0 ? attributes : readAttributes(attributes, scope, malformed)
      const { namespace, local } = resolveName(name, scope, malformed)
      return { local: namespace === leveranceNamespace ? local : null, own }
    },
    leave() {
      scope = outer.pop() ?? scope
    },
    isPlain: () => namespaceOf('', scope) === leveranceNamespace,
  }
}

function declare(scope: Scope, attributes: readonly XmlAttribute[], malformed: Malformed): Scope {
  let made: Map<string, string> | null = null
  for (const { name, value } of attributes) {
    if (!isDeclaration(name)) continue
    const prefix = name === 'xmlns' ? '' : name.slice(6)
    const lawful = prefix !== 'xmlns' && value !== xmlnsNamespace && (prefix === 'xml') === (value === xmlNamespace)
    if (!lawful || (prefix === '' && name !== 'xmlns'))
      throw malformed(`navnerummet for "${prefix}" er ikke lovligt`, `the namespace of "${prefix}" is not lawful`)
    if (prefix !== '' && value === '')
      throw malformed(`navnerummet for "${prefix}" er tomt`, `the namespace of "${prefix}" is empty`)
    made ??= new Map()
    made.set(prefix, value)
  }
  return made === null ? scope : { declared: made, outer: scope }
}

function namespaceOf(prefix: string, from: Scope): string | undefined {
  for (let scope: Scope | null = from; scope !== null; scope = scope.outer) {
    const namespace = scope.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

function readAttributes(attributes: readonly XmlAttribute[], scope: Scope, malformed: Malformed): readonly XmlAttribute[] {
  const seen = new Set<string>()
  const own: XmlAttribute[] = []
  for (const attribute of attributes) {
    if (isDeclaration(attribute.name)) continue
    if (!attribute.name.includes(':')) {
      own.push(attribute)
      continue
    }
    const { namespace, local } = resolveName(attribute.name, scope, malformed)
    const full = `{${namespace}}${local}`
    if (seen.has(full))
      throw malformed(
        `attributten "${attribute.name.slice(0, 50)}" står to gange`,
        `the attribute "${attribute.name.slice(0, 50)}" stands twice`,
      )
    seen.add(full)
    if (namespace !== schemaInstance || (local !== 'schemaLocation' && local !== 'noNamespaceSchemaLocation')) own.push(attribute)
  }
  return own
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}

function resolveName(name: string, scope: Scope, malformed: Malformed): { namespace: string; local: string } {
  const colon = name.indexOf(':')
  if (colon === -1) return { namespace: namespaceOf('', scope) ?? '', local: name }
  const local = name.slice(colon + 1)
  const namespace = colon === 0 ? undefined : namespaceOf(name.slice(0, colon), scope)
  if (namespace === undefined || local === '' || local.includes(':')) {
    throw malformed(`præfikset i "${name.slice(0, 50)}" er ikke erklæret`, `the prefix of "${name.slice(0, 50)}" is not declared`)
  }
  return { namespace, local }
}
