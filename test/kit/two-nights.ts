import type { Supplier } from '../../config/settings.ts'
import type { BusinessDate } from '../../src/domain/time.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { privateChannelId, sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'

type DroppedFile = Pick<NightFile, 'supplierId' | 'fileName' | 'bytes'>

/** The files of a first night, and of a second one after a day with every kind of change in it. */
export function twoNights(options: {
  readonly seed: string
  readonly kommuner: readonly string[]
  readonly dates: readonly [BusinessDate, BusinessDate]
}): { readonly first: readonly DroppedFile[]; readonly second: readonly DroppedFile[] } {
  const { seed, kommuner, dates } = options
  const day1 = createDenmark({ seed, kommuner })
  const { denmark: day2, story } = nextDay(day1, { seed })
  const systems = sandboxSuppliers.filter(({ id }) => id !== privateChannelId)
  const dannet = (date: BusinessDate) => `${date}T20:00:00Z`
  return {
    first: buildNightFiles(day1, systems, { loebenummer: 1, dannet: dannet(dates[0]) }),
    second: buildNightFiles(day2, systems, { loebenummer: 2, dannet: dannet(dates[1]), leftOut: leftOutOf(story) }),
  }
}

/** The suppliers from whom files are expected. */
export function onlyExpected(all: readonly Supplier[]): readonly Supplier[] {
  return all.filter(({ expects }) => expects.length > 0)
}

/** A page where a delivery should be. */
export const notADelivery: DroppedFile = {
  supplierId: 'lyngblik',
  fileName: '741_fuld_000003.csv',
  bytes: Buffer.from('<!DOCTYPE html><title>Log ind</title>'),
}
