/** Makes a thing when it is first asked for, and keeps it. */
export function once<T>(make: () => T): () => T {
  const made = oncePer(make)
  return () => made('')
}

/** The same for several things, by name. */
export function oncePer<N extends string, T>(make: (name: N) => T): (name: N) => T {
  const made = new Map<N, { readonly it: T }>()
  return (name) => {
    let known = made.get(name)
    if (known === undefined) {
      known = { it: make(name) }
      made.set(name, known)
    }
    return known.it
  }
}
