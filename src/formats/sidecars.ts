/** Endings of what we write ourselves into a supplier's folder; never read back as input. */
const ownEndings = ['.kvittering.json', '.kvittering.csv', '.kvittering.txt', '.leveret.json', '.tmp']
/** Endings of small files that speak of another file in the same folder. */
const sidecarEndings = ['.sha256', '.done', '.ok']

/** True for a name that may be a supplier's delivery: not hidden, not ours, not a file about another file. */
export function isDeliveryName(name: string): boolean {
  const lower = name.toLowerCase()
  return !lower.startsWith('.') && ![...ownEndings, ...sidecarEndings].some((ending) => lower.endsWith(ending))
}

/** True when a sidecar in the same folder says that the file is whole: `<name>.sha256`, `<name>.done` or `<name>.ok`. */
export function settledBySidecar(name: string, namesInFolder: ReadonlySet<string>): boolean {
  return sidecarEndings.some((ending) => namesInFolder.has(`${name}${ending}`))
}
