// Fails when a locked package has a licence that we do not take, or a production package a known weakness, high or worse.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../config/package-root.ts'
import { isAllowed, type LicenceFields, licenceOf } from './find-licences.ts'

interface Locked extends LicenceFields {
  readonly dev?: boolean
}

const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
const faults = packages.flatMap(([path, locked]) => {
  const licence = licenceOf(locked) || licenceOf(installed(path))
  return isAllowed(licence, locked.dev === true) ? [] : [`${path}: licence "${licence}" is not in scripts/find-licences.ts`]
})
for (const fault of faults) console.error(fault)
console.log(`${packages.length} packages, ${faults.length} with a licence that we do not take`)
const weaknesses = audit()
if (faults.length > 0 || weaknesses > 0) process.exitCode = 1

/** The lock leaves out what a package does not say by an SPDX expression. */
function installed(path: string): LicenceFields {
  const file = join(packageRoot, path, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LicenceFields) : {}
}

/** Production packages with a known weakness, high or worse; none where nobody could be asked, which is said. */
function audit(): number {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: packageRoot, encoding: 'utf8', timeout: 60_000 })
  const found = countOf(stdout ?? '')
  if (found === null) console.log('known weaknesses: NOT CHECKED, as no registry here answers npm audit')
  else console.log(`known weaknesses of production packages, high or worse: ${found}`)
  return found ?? 0
}

/** Null when the text is no report. */
function countOf(text: string): number | null {
  try {
    const report = JSON.parse(text) as { metadata?: { vulnerabilities?: { high: number; critical: number } } }
    const { high, critical } = report.metadata?.vulnerabilities ?? {}
    return high === undefined || critical === undefined ? null : high + critical
  } catch {
    return null
  }
}
