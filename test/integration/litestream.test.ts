import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageRoot } from '../../config/package-root.ts'

describe('deploy/litestream.yml', () => {
  const { dbs, snapshot } = parse(readFileSync(join(packageRoot, 'deploy/litestream.yml'), 'utf8'))
  const operations = readFileSync(join(packageRoot, 'docs/operations.md'), 'utf8')

  it('copies the register of the systemd unit in the documents, and nothing else', () => {
    const [, dataDir] = /DAGTILBUD_DATA_DIR=(\S+)/.exec(operations) ?? []

    expect(dbs.map(({ path }: { path: string }) => path)).toEqual([`${dataDir}/register.sqlite`])
  })

  it('believes only the server it names, and keeps its copies for some days', () => {
    expect(dbs[0].replica).toMatchObject({
      url: expect.stringMatching(/^sftp:/),
      'host-key': expect.stringMatching(/^ssh-ed25519 /),
    })
    expect(snapshot.retention).toMatch(/^\d+h$/)
  })
})
