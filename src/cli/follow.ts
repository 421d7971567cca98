/** How often the register is asked unless said otherwise; a person sees it move, and the worker does not notice. */
const usualMs = 300
/** The pause is at least so many times as long as the look took: a worker in this process, or a busy machine, comes first. */
const restPerLook = 20

/**
 * Looks again and again until what is looked at is over, and tells of every change, the first look included. Waits for a
 * state, never for a length of time.
 * @param keyOf What counts as a change; the whole of it when not given.
 */
export async function follow<T>(
  look: () => T,
  isOver: (seen: T) => boolean,
  options: { readonly onChange?: (seen: T) => void; readonly keyOf?: (seen: T) => unknown; readonly pollMs?: number } = {},
): Promise<T> {
  const { onChange = () => undefined, keyOf = (seen: T) => seen, pollMs = usualMs } = options
  let last: string | undefined
  for (;;) {
    const startedAt = performance.now()
    const seen = look()
    const tookMs = performance.now() - startedAt
    const key = JSON.stringify(keyOf(seen))
    if (key !== last) onChange(seen)
    last = key
    if (isOver(seen)) return seen
    await new Promise((wake) => setTimeout(wake, Math.max(pollMs, restPerLook * tookMs)))
  }
}
