import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BadNight, badNight, startBadNight } from '../kit/bad-night.ts'
import { aPassword } from '../kit/console-world.ts'
import { findProgram } from '../kit/find-program.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let night: BadNight
let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  ;[night, browser] = await Promise.all([startBadNight(), chromium.launch({ executablePath: findProgram('chromium') })])
  page = await browser.newPage({ baseURL: night.url, locale: 'da-DK' })
  page.setDefaultTimeout(15_000)
  page.on('console', (message) => message.type() === 'error' && faults.push(`${page.url()}: ${message.text()}`))
})
afterAll(async () => {
  await browser.close()
  await night.close()
})

describe('an operator in the morning', () => {
  it('signs in and sees at once that the night is not good, and what waits', async () => {
    await page.goto('/')
    await page.getByLabel('Brugernavn').fill('anna')
    await page.getByLabel('Adgangskode').fill(aPassword)
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { name: `Nat ${badNight}` }).waitFor()
    expect(await textOf(page.locator('.banner').first())).toMatch(/^Natten har brug for dig/)
    expect(await textOf(page.locator('.todo li').first())).toMatch(/^afgør tilbageholdte ændringer/)
  })

  it('approves the hold by keyboard, with a reason', async () => {
    night.loseSupplier()
    await page.locator('.todo a').first().press('Enter')
    expect(await textOf(page.locator('main'))).toMatch(/nedlægges/)
    await page.getByLabel('Begrundelse').fill('klyngen er lagt sammen')
    await page.getByRole('button', { name: 'Godkend' }).press('Enter')

    expect(await textOf(page.getByRole('status'))).toBe('Afgørelsen er noteret: godkendt.')
    expect(await textOf(page.locator('main'))).toContain('af Anna Holm (anna)')
  })

  it('follows its changes until Unilogin has acknowledged them', async () => {
    await page.locator('a[href^="/filer/"]').first().click()
    await until(/kvitteret/, () => textOf(page.locator('#unilogin + p')))
    await until(/^((?!klar|sendt|venter).)*$/, () => textOf(page.locator('#unilogin + p')))

    expect(await textOf(page.locator('#unilogin ~ .scroll').first())).toMatch(/nedlæggeskvitteret/)
  })

  it('finds the receipts that could not be delivered by their cause, and re-queues them as one group', async () => {
    // What became of the hold, and that its changes have arrived: two receipts.
    await until(/SFTP_HOST_KEY_CHANGED \(2\)/, async () => {
      await page.goto('/fejl')
      return textOf(page.locator('main'))
    })
    night.findSupplier()
    const group = page.locator('section.box', { hasText: 'SFTP_HOST_KEY_CHANGED' })
    await group.getByLabel('Begrundelse').first().fill('nøglen er rettet')
    await group.getByRole('button', { name: 'Sæt alle 2 i kø igen' }).click()

    expect(await textOf(page.getByRole('status'))).toBe('2 job er sat i kø igen.')
    await until(/^God nat/, async () => {
      await page.goto('/')
      return textOf(page.locator('.banner').first())
    })
  })

  it('finds the line that a value of a unit is from', async () => {
    const nummer = night.program.register.register.read((tx) =>
      tx.units.openInKommune('665').find(({ kind }) => kind === 'anvisningsenhed'),
    )
    await page.goto('/institution')
    await page.getByLabel('Institutionsnummer').fill(nummer?.nummer ?? '')
    await page.keyboard.press('Enter')
    await page.locator('a[href*="/linje/"]').first().click()

    expect(await textOf(page.locator('mark'))).toMatch(/^ *\d+ {2}.*\S/)
  })

  it('meets no page with a fault that keeps somebody out, and none that breaks its own policy', async () => {
    const fileId = night.program.register.register.read((tx) => tx.files.ofNight(badNight)[0]?.fileId)
    const holdId = night.program.register.register.read((tx) => tx.files.holds({})[0]?.holdId)
    const paths = ['/', `/filer/${fileId}`, `/holds/${holdId}`, '/fejl']
    const serious: string[] = []
    for (const path of paths) {
      await page.goto(path)
      serious.push(...(await seriousFaults()))
    }
    await page.goto('/koer')
    await page.getByText('receipt').first().waitFor()
    const ours = faults.filter((fault) => !fault.includes('fonts.googleapis.com'))

    expect(serious).toEqual([])
    expect(ours).toEqual([])
  })
})

/** What axe calls serious on the page that is open. Colours in the dark are reckoned in test/unit/console-colours.test.ts. */
async function seriousFaults(): Promise<string[]> {
  await page.evaluate(axe)
  // Style sheets are not fetched anew: the page's own policy would not let it.
  const options = { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults
  const found = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return found.map(({ id, nodes }) => `${page.url()} ${id} ${nodes[0]?.html}`)
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? ''
}

/** Asks again until the text is as it should be; the page is asked anew each time. */
async function until(wanted: RegExp, read: () => Promise<string>): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload()
        return read()
      },
      { timeout: 20_000, interval: 100 },
    )
    .toMatch(wanted)
}
