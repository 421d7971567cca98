import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Settings } from '../../config/settings.ts'
import { createFolderFileStore } from '../adapters/files/create-folder-file-store.ts'
import { listBlobs } from '../adapters/files/list-blobs.ts'
import { openEvidence } from '../adapters/sqlite/open-evidence.ts'
import { openRegister } from '../adapters/sqlite/open-register.ts'
import { createLog } from '../adapters/system/create-log.ts'
import { rereadAnswer } from '../adapters/unilogin/read-push-answer.ts'
import { type Scratch, type VerifyParts, verifyRegister } from '../app/verify-register.ts'
import type { Proof } from '../cli/program.ts'
import { runPastStep } from '../worker/run-past-step.ts'
import { filesFolder, registerPath } from './data-folder.ts'

/** The proof of the data folder that the settings name; nothing in it is written. */
export async function openProof(settings: Settings, onProgress: VerifyParts['onProgress']): Promise<Proof> {
  const parts = await openVerifyParts(settings, onProgress)
  return { verify: (night) => verifyRegister(parts, night), close: () => parts.evidence.close() }
}

/** All that `verifyRegister` needs. */
export async function openVerifyParts(settings: Settings, onProgress: VerifyParts['onProgress']): Promise<VerifyParts> {
  const filesDir = filesFolder(settings)
  return {
    evidence: openEvidence(registerPath(settings)),
    files: await createFolderFileStore(filesDir),
    blobs: () => listBlobs(filesDir),
    openScratch,
    settings,
    run: runPastStep,
    reread: rereadAnswer,
    log: createLog({ level: 'silent' }),
    onProgress,
  }
}

/** A register in a folder of its own under the system's temporary folder. */
function openScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'dagtilbud-verify-'))
  const path = registerPath({ dataDir: folder })
  const register = openRegister(path, { fleeting: true })
  return {
    register,
    path,
    close: () => {
      register.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
