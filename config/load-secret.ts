import { readFileSync } from 'node:fs'
import { ConfigError } from '../src/domain/errors.ts'
import { envNameOf } from './setting-paths.ts'

/**
 * A secret, which stands in no settings file: the environment variable that the name gives (`console.metricsToken`), else the
 * file that the setting of that name and `File` names. Null when neither is given.
 * @throws CONFIG_FILE_UNREADABLE
 */
export function loadSecret(env: NodeJS.ProcessEnv, name: string, file: string | undefined): string | null {
  const given = env[envNameOf(name)] ?? ''
  if (given !== '') return given
  if (file === undefined) return null
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new ConfigError('CONFIG_FILE_UNREADABLE', `reading the file in ${name}File failed`, {
      dataState: 'nothing was started',
      hint: `check that the file exists and that this user may read it, or set ${envNameOf(name)}`,
      facts: { setting: `${name}File`, path: file },
      cause,
    })
  }
}
