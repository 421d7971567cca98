import type { FileStop } from './file-stop.ts'
import { leveranceNamespace } from './leverance-elements.ts'
import type { XmlAttribute } from './xml-tokens.ts'

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

/** Names of an XML document by namespace. */
export interface XmlNames {
  /**
   * Enters an element: its local name if it is in our namespace, else null. `own` are its attributes but for declarations
   * of namespaces and hints to a schema. `foreign`: among them are ones with a prefix.
   */
  enter(
    name: string,
    attributes: readonly XmlAttribute[],
    malformed: (cause: string) => FileStop,
  ): { local: string | null; own: readonly XmlAttribute[] }
  leave(): void
  /** True while a name without prefix is in our namespace. */
  isPlain(): boolean
}

type Scope = ReadonlyMap<string, string>

/** Starts outside the root element. */
export function createXmlNames(): XmlNames {
  let scope: Scope = new Map([
    ['', ''],
    ['xml', xmlNamespace],
  ])
  const outer: Scope[] = []

  return {
    enter(name, attributes, malformed) {
      outer.push(scope)
      if (attributes.length > 0) scope = declare(scope, attributes, malformed)
      const own = attributes.length === 0 ? attributes : attributes.filter((attribute) => isOwn(attribute, scope, malformed))
      const { namespace, local } = resolveName(name, scope, malformed)
      return { local: namespace === leveranceNamespace ? local : null, own }
    },
    leave() {
      scope = outer.pop() ?? scope
    },
    isPlain: () => scope.get('') === leveranceNamespace,
  }
}

function declare(scope: Scope, attributes: readonly XmlAttribute[], malformed: (cause: string) => FileStop): Scope {
  let made: Map<string, string> | null = null
  for (const { name, value } of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue
    const prefix = name === 'xmlns' ? '' : name.slice(6)
    if (prefix === 'xmlns' || (prefix === 'xml') !== (value === xmlNamespace))
      throw malformed(`navnerummet for "${prefix}" er ikke lovligt`)
    if (prefix !== '' && value === '') throw malformed(`navnerummet for "${prefix}" er tomt`)
    made ??= new Map(scope)
    made.set(prefix, value)
  }
  return made ?? scope
}

function resolveName(name: string, scope: Scope, malformed: (cause: string) => FileStop): { namespace: string; local: string } {
  const colon = name.indexOf(':')
  if (colon === -1) return { namespace: scope.get('') ?? '', local: name }
  const namespace = scope.get(name.slice(0, colon))
  const local = name.slice(colon + 1)
  if (namespace === undefined || local === '' || local.includes(':'))
    throw malformed(`præfikset i "${name.slice(0, 50)}" er ikke erklæret`)
  return { namespace, local }
}

/** Declarations of namespaces and hints of where a schema lies are nobody's data. */
function isOwn({ name }: XmlAttribute, scope: Scope, malformed: (cause: string) => FileStop): boolean {
  if (name === 'xmlns' || name.startsWith('xmlns:')) return false
  if (!name.includes(':')) return true
  const { namespace, local } = resolveName(name, scope, malformed)
  return !(namespace === schemaInstance && (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation'))
}
