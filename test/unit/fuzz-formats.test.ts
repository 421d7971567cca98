import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadSettings, parseSettings } from '../../config/load-settings.ts'
import { envNameOf, settingPaths } from '../../config/setting-paths.ts'
import { jobs } from '../../jobs/index.ts'
import { readAnswer } from '../../src/adapters/unilogin/read-answer.ts'
import { BackupManifest } from '../../src/app/backup-manifest.ts'
import { parseExportRequest, parseLimit } from '../../src/app/export-request.ts'
import { readUniloginList } from '../../src/app/read-unilogin-list.ts'
import { validateDelivery } from '../../src/app/validate-delivery.ts'
import { buildCli } from '../../src/cli/build-cli.ts'
import type { Parts } from '../../src/cli/program.ts'
import { FatalError, type SyncError } from '../../src/domain/errors.ts'
import { parseCursor } from '../../src/domain/export-cursor.ts'
import { parseDeliveryName } from '../../src/formats/delivery-name.ts'
import { classifyEntry, parseChecksum } from '../../src/formats/sidecars.ts'
import { buildAgreementsAnswer, readAgreementsAnswer } from '../../src/formats/unilogin/data-agreements.ts'
import { buildDeltaAnswer, readDeltaAnswer, readDeltaRequest } from '../../src/formats/unilogin/institution-delta.ts'
import { buildLookupAnswer, readLookupAnswer, readLookupRequest } from '../../src/formats/unilogin/institution-lookup.ts'
import { headerOnly } from '../../src/formats/unilogin/message-security.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import type { XmlElement } from '../../src/formats/unilogin/read-xml.ts'
import { buildAnswer } from '../../src/formats/unilogin/soap-envelope.ts'
import { buildFault } from '../../src/formats/unilogin/soap-fault.ts'
import { writeEksportCsv } from '../../src/formats/write-eksport-csv.ts'
import { aScreen } from '../kit/a-screen.ts'
import { fuzzRuns, hostileText, hostileValue, refusedOr, refusedOrAsync, spoiled } from '../kit/hostile.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'
import { securityOf, signingPki, testNight } from '../kit/signing-pki.ts'
import { toPieces } from '../kit/validate-text.ts'

const few = { numRuns: fuzzRuns, seed: 71 }
const many = { numRuns: fuzzRuns * 5, seed: 72 }

describe('a name in a folder and what lies beside a delivery', () => {
  it('is told apart, whatever it is; a delivery’s name is one file in one folder', () => {
    fc.assert(
      fc.property(
        hostileText,
        spoiled('101_fuld_000042_n57_k0123456789abcdef.csv', 'a.xml.sha256', 'a.csv.done'),
        (noise, name) => {
          for (const one of [noise, name]) {
            if (classifyEntry(one).kind === 'delivery') expect(one).not.toMatch(/[/\\\0\r\n]/)
            parseDeliveryName(one)
            expect(parseChecksum(one, noise) ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/)
          }
        },
      ),
      many,
    )
  })
})

describe('an answer of Unilogin', () => {
  const messageId = 'urn:uuid:3f0c9c1e-7d0e-4a59-9a52-0d1a2b3c4d5e'
  const header = { action: 'urn:x/y', messageId, relatesTo: messageId, createdAt: testNight }
  const bodies = [
    buildDeltaAnswer(
      { reskode: '0', restekst: '', deltaId: '00000000-0000-4000-8000-000000000001', sourceDateTime: '2026-11-24T02:15:00' },
      's',
    ),
    buildLookupAnswer([{ instnr: 'G10000', instnavn: 'Børnehuset' }], 's'),
    buildAgreementsAnswer(['G10000', 'G10001'], 's'),
    buildFault({ code: 'Sender', reason: 'nej' }),
  ].map((body) => buildAnswer(header, namespaces.feed, body))
  const readers: readonly ((element: XmlElement) => unknown)[] = [
    readDeltaAnswer,
    readDeltaRequest,
    readLookupAnswer,
    readLookupRequest,
    readAgreementsAnswer,
  ]

  it('is an outcome of the call, whatever it is and whether it is signed', async () => {
    const pki = await signingPki()
    const theirs = securityOf(pki.theirs, pki.ca.certificate)
    const ours = securityOf(pki.ours, pki.ca.certificate)
    const signed = bodies.map((body) => theirs.protect(body))

    fc.assert(
      fc.property(spoiled(...bodies, ...signed), fc.constantFrom(200, 400, 500, 302), (text, httpStatus) => {
        for (const security of [headerOnly, ours]) {
          const wire = { kind: 'answered', httpStatus, text } as const
          const reading = readAnswer(wire, messageId, security, (body) => {
            for (const reader of readers) reader(body)
            return { ok: true, value: body }
          })

          expect(['read', 'ambiguous', 'refused', 'authFault']).toContain(reading.kind)
        }
      }),
      many,
    )
  })
})

describe('a list in CSV', () => {
  const baseline = writeEksportCsv(aGoodLeverance())

  it('of institutions from Unilogin is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled('instnr;instnavn;adresse;postnr;kommunenr\r\nG10000;Huset;Vej 1;2100;101\r\n'), async (text) => {
        await refusedOrAsync(() => readUniloginList(toPieces(Buffer.from(text), 50)))
      }),
      few,
    )
  })

  it('for a baseline ends in a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(spoiled(baseline), hostileText, async (text, fileName) => {
        const content = toPieces(Buffer.from(text), 500)
        const checked = await validateDelivery({
          fileName,
          content,
          mandate: null,
          codeMap: {},
          wholeCountry: true,
          emit: () => undefined,
        })

        expect(['validated', 'rejected']).toContain(checked.verdict)
      }),
      few,
    )
  })
})

describe('what is asked of an export', () => {
  it('is understood or refused', () => {
    const text = fc.option(hostileText, { nil: undefined })
    fc.assert(
      fc.property(text, text, text, text, text, (format, level, kommune, asOf, knownAt) => {
        refusedOr(() => parseExportRequest({ format, level, kommune, asOf, knownAt }))
        refusedOr(() => parseExportRequest({ kommune }))
        refusedOr(() => parseExportRequest({ asOf }))
        expect(refusedOr(() => parseLimit(level ?? '', 1_000)) ?? 1).toBeGreaterThan(0)
        parseCursor(format ?? '')
      }),
      many,
    )
  })
})

describe('settings', () => {
  it('of any shape are taken or named, one by one, and never change what every object has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingPaths()), hostileValue, hostileText, (path, value, key) => {
        const tree = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner, [key]: inner }), value)

        refusedOr(() => parseSettings(tree as Record<string, unknown>))

        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      few,
    )
  })

  it('in the environment are taken or named', () => {
    fc.assert(
      fc.property(fc.constantFrom(...settingPaths()), hostileText, (path, value) => {
        refusedOr(() => loadSettings({ DAGTILBUD_UNILOGIN_BASE_URL: 'https://localhost', [envNameOf(path)]: value }))
      }),
      few,
    )
  })
})

describe('what a job carries, and what a backup says of itself', () => {
  it('is taken in its shape or not at all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(jobs)), hostileValue, ({ payload }, value) => {
        const taken = payload.safeParse(value)

        if (taken.success)
          expect(Object.values(taken.data as object).every((one) => typeof one !== 'object' || one === null)).toBe(true)
        expect(BackupManifest.safeParse(value).success).toBe(false)
      }),
      many,
    )
  })
})

describe('the command line', () => {
  /** Every part of the program says no, so that a command gets as far as its arguments let it. */
  const closed = new Proxy({} as Parts, {
    get: () => () => {
      throw new FatalError('CONFIG_SETTING_INVALID', 'a part was asked for', { dataState: 'nothing', hint: 'none' })
    },
  })
  const words = [
    'night',
    'run',
    'show',
    'hold',
    'approve',
    'jobs',
    'requeue',
    'register',
    'explain',
    'export',
    'changes',
    'plan',
    'cutoffs',
  ]
  const flags = [
    '--json',
    '--date',
    '--by',
    '--reason',
    '--as-of',
    '--known-at',
    '--kommune',
    '--limit',
    '--since',
    '--lang',
    '--file',
  ]

  it('is refused by commander or in our own words, whatever it says', async () => {
    const word = fc.oneof(fc.constantFrom(...words, ...flags), hostileText)
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (args) => {
        const cli = buildCli(closed, { now: () => testNight }, '0', aScreen())
        const quiet = (command: typeof cli): void => {
          command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
          command.commands.forEach(quiet as never)
        }
        quiet(cli)

        const failure = await cli.parseAsync(args, { from: 'user' }).then(
          () => null,
          (error: SyncError | { readonly code: string }) => error,
        )

        expect(failure?.code ?? 'commander.help').toMatch(/^(commander\.\w+|[A-Z]+(_[A-Z]+)+)$/)
      }),
      few,
    )
  })
})
