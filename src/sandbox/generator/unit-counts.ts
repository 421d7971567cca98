import rows from '../data/units-per-kommune.json' with { type: 'json' }

/** How many units of one type and ownership lie in one municipality. */
export interface UnitCount {
  /** Municipality of the place, three digits. */
  readonly kommuneKode: string
  readonly instType3: string
  readonly ejerformKode: string
  readonly count: number
}

/** The source could not tell the two types of børnehave apart. */
const mergedType = '6011+6014'

/** Municipalities that get one unit of type 6022 each. The source has none of that type, so the figure is invented. */
const specialUnits = 25

/**
 * The shape of the real register, 2026-03: municipality x type x ownership. Three things are ours: 6011 and 6014 are
 * split half and half; the largest municipalities have a kommunal 6022 each; the one selvejende dagpleje of the source
 * is kommunal here, because the law as we read it has no basis for it.
 */
export function unitCounts(): UnitCount[] {
  let oddCells = 0
  const counts = rows.flatMap((row) =>
    Object.entries<Readonly<Record<string, number>>>(row.perEjerform).flatMap(([ejerform, types]) =>
      Object.entries(types).flatMap(([instType3, count]): UnitCount[] => {
        const kommuneKode = String(row.kommuneKode)
        if (instType3 === mergedType) {
          const larger = Math.ceil(count / 2)
          if (count % 2 === 1) oddCells++
          const first = oddCells % 2 === 1 ? larger : count - larger
          return [
            { kommuneKode, instType3: '6011', ejerformKode: ejerform, count: first },
            { kommuneKode, instType3: '6014', ejerformKode: ejerform, count: count - first },
          ]
        }
        const ejerformKode = instType3 === '6013' && ejerform === '2' ? '1' : ejerform
        return [{ kommuneKode, instType3, ejerformKode, count }]
      }),
    ),
  )
  const special = [...rows]
    .sort((a, b) => b.ialt - a.ialt || a.kommuneKode - b.kommuneKode)
    .slice(0, specialUnits)
    .map((row): UnitCount => ({ kommuneKode: String(row.kommuneKode), instType3: '6022', ejerformKode: '1', count: 1 }))
  return [...counts, ...special]
}
