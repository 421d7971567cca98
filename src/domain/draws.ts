/** Numbers drawn one after another; the same seed gives the same ones. */
export interface Draws {
  /** Above 0 and below 1. */
  uniform(): number
  /** A pace or amount that is always above 0; see `Gamma`. */
  gamma(of: Gamma): number
}

/** A gamma distribution: mean `shape / rate`, the surer the larger the shape. */
export interface Gamma {
  readonly shape: number
  readonly rate: number
}

/** What a gamma distribution is above nine times in ten. */
export function lowOf({ shape, rate }: Gamma): number {
  return gammaAt(shape, -1.2816) / rate
}

/** Source: the generator is mulberry32 (T. Ettinger, public domain). */
export function createDraws(seed: number): Draws {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296
  }
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, gamma: ({ shape, rate }) => gammaAt(shape, normal()) / rate }
}

/** Where the approximation would give nothing or less: a thousandth of the mean. */
const leastRoot = 0.1

/** The value of a gamma distribution with rate 1 at a standard normal deviate. Source: Wilson and Hilferty, 1931. */
function gammaAt(shape: number, z: number): number {
  const root = 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))
  return shape * Math.max(leastRoot, root) ** 3
}
