import { type ChannelName, channelNames } from '../src/domain/alert.ts'
import type { Settings } from './settings.ts'

/** The channels that the settings name. */
export function channelsOf({ alerts }: Pick<Settings, 'alerts'>): ChannelName[] {
  return channelNames.filter((name) => alerts[name] !== undefined)
}
