/** Every page passes axe without a serious finding in light and dark, and a form is entered without a mouse. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import {
  daysAgo,
  entry,
  fill,
  followUp,
  newKey,
  randomisedSubject,
  screenedSubject,
} from './casework.ts'
import { Sheet } from './sheet.ts'
import { arrive, awake, expect, test } from './world.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Scheme = 'light' | 'dark'

/**
 * Serious and critical findings of the page as it stands, each with the first places it was found at. In dark only the
 * colours are another page than in light, so only they are looked at again. A page that changed under the look is looked at
 * again: half of the old one and half of the new one was never on a screen.
 */
async function findingsOf(page: Page, scheme: Scheme): Promise<string[]> {
  // Not as a script tag: the page's own policy refuses every script that it did not send.
  await page.evaluate(axe)
  return page.evaluate(async (isDark) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const mostLooks = 20
    for (let look = 0; look < mostLooks; look += 1) {
      let changed = false
      const observer = new MutationObserver(() => {
        changed = true
      })
      observer.observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      })
      const { violations } = await axe.run(document, {
        resultTypes: ['violations'],
        ...(isDark ? { runOnly: ['color-contrast'] } : {}),
      })
      changed ||= observer.takeRecords().length > 0
      observer.disconnect()
      if (changed) continue
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, help, nodes }) =>
            `${id}: ${help} (${nodes.length}) ${nodes
              .slice(0, 3)
              .map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`)
              .join(' | ')}`,
        )
    }
    throw new Error('The page never stands still')
  }, scheme === 'dark')
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('the pages of a site have no serious accessibility finding', async ({ world, page }) => {
      const subject = await randomisedSubject(world)
      await followUp(world, subject, (form) => form.event === 'W4')
      const waiting = await screenedSubject(world, { without: ['F_VS', 'F_IE'] })
      const coordinator = await world.person('coordinator')
      await fill(world, coordinator, subject, {
        event: 'LOG',
        form: 'F_AE',
        repeat: 'new',
        values: { AEYN: 'Y', AETERM: 'Tremor', AESTDTC: daysAgo(9), AETOXGR: '2', AESER: 'N' },
      })
      const monitor = await world.person('monitor')
      await monitor.act('query.raise', {
        studyId: world.studyId,
        recordId: subject.records.get('W4/F_VS') as string,
        path: 'WEIGHT',
        text: 'Please look at the chart.',
        key: newKey(),
      })

      await arrive(page, '/sign-in')
      await expect(page.getByRole('button', { name: /^Coordinator/ })).toBeEnabled()
      expect(await findingsOf(page, scheme), 'sign-in').toEqual([])
      // The means to find something do find it.
      await page.evaluate(() => {
        document.body.insertAdjacentHTML(
          'beforeend',
          '<button></button><p style="background:#777;color:#888">Hard to read</p>',
        )
      })
      expect(await findingsOf(page, scheme)).not.toEqual([])

      const investigator = await world.person('investigator')
      await investigator.open(page, world.path())
      await setScheme(page, scheme)
      const casebook = `/subjects/${subject.subjectKey}`
      const places = [
        '',
        '/subjects',
        casebook,
        `${casebook}/W4/F_VS`,
        `${casebook}/W4/F_LB`,
        `${casebook}/randomise`,
        `${casebook}/LOG/F_AE`,
        `${casebook}/LOG/F_AE-new`,
        `/subjects/${waiting.subjectKey}/randomise`,
        `/subjects/${waiting.subjectKey}/SCR/F_VS`,
        '/dashboards',
        '/dashboards/recruitment',
        '/dashboards/visits',
        '/dashboards/completeness',
        '/dashboards/queries',
        '/dashboards/safety',
        '/adverse-events',
        '/queries',
        '/audit',
        '/definition',
        '/definition?view=usage',
        '/definition?view=versions',
        '/definition/compare',
      ]
      for (const place of places) {
        await arrive(page, world.path(place))
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        if (/\/F_/.test(place)) await new Sheet(page).ready()
        expect(await findingsOf(page, scheme), place || 'home').toEqual([])
      }
    })

    test('the pages of a cut have no serious accessibility finding', async ({ world, page }) => {
      await screenedSubject(world, { without: ['F_VS', 'F_IE'] })
      const statistician = await world.person('statistician')
      await statistician.act('cut.take', {
        studyId: world.studyId,
        name: 'Interim 1',
        purpose: 'interim',
        reason: 'Looked at by a journey',
        arms: 'shown',
        parameters: { cutOff: daysAgo(1) },
        key: newKey(),
      })
      await statistician.open(page, world.path('/cuts'))
      await setScheme(page, scheme)
      for (const place of [
        '/cuts',
        '/cuts/new',
        '/cuts/open/formsMissing',
        '/cuts/1',
        '/cuts/1/r2_baseline',
      ]) {
        await arrive(page, world.path(place))
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await findingsOf(page, scheme), place).toEqual([])
      }
    })

    test('reports and export have no serious accessibility finding', async ({ page }) => {
      await arrive(page, '/sign-in')
      await page.getByRole('button', { name: /^Statistician/ }).click()
      await expect(page).toHaveURL(/\/studies\/taccsa$/)
      await awake(page)
      await setScheme(page, scheme)
      for (const place of [
        '/reports',
        '/reports/r3_pfs',
        '/reports/write',
        '/reports/write?copy=r7_ae',
        '/reports/r2_baseline',
        '/dashboards/survival',
        '/export',
      ]) {
        await arrive(page, `/studies/taccsa${place}`)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await findingsOf(page, scheme), place).toEqual([])
      }
      await page.getByLabel('Form', { exact: true }).selectOption('F_PFT')
      await expect(
        page.getByRole('region', { name: 'First rows' }).getByRole('table'),
      ).toBeVisible()
      expect(await findingsOf(page, scheme), 'preview').toEqual([])
    })
  })
}

async function setScheme(page: Page, scheme: Scheme): Promise<void> {
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page
    .getByRole('menuitemradio', { name: scheme === 'light' ? 'Light' : 'Dark', exact: true })
    .click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
}

test('a form is found, entered and completed with the keyboard alone', async ({ world, page }) => {
  const subject = await screenedSubject(world, { without: ['F_SU', 'F_IE'] })
  const coordinator = await world.person('coordinator')
  await coordinator.open(page, world.path())
  await expect(page.getByRole('button', { name: /^Jump to/ })).toBeVisible()

  // Ctrl-K finds the subject.
  await page.keyboard.press('ControlOrMeta+k')
  await page
    .getByRole('combobox')
    .or(page.getByRole('dialog').getByRole('textbox'))
    .first()
    .waitFor()
  await page.keyboard.type(subject.subjectKey)
  await expect(page.getByRole('option', { name: new RegExp(subject.subjectKey) })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/subjects/${subject.subjectKey}$`))

  // Tab to the form, Enter opens it.
  const link = page.locator('#visit-SCR').getByRole('link', { name: /^Smoking/ })
  await expect(link).toBeVisible()
  await tabTo(page, () => link.evaluate((element) => element === document.activeElement))
  await page.keyboard.press('Enter')
  const sheet = new Sheet(page)
  await sheet.ready()

  // Digits choose, Enter goes on, the text box opens with the answer.
  const status = sheet.item('SUSTAT').getByRole('radio').first()
  await tabTo(page, () => status.evaluate((element) => element === document.activeElement))
  await page.keyboard.press('2')
  await expect(sheet.item('SUSTAT').getByRole('radio', { name: 'Former' })).toBeChecked()
  await expect(sheet.input('SUPKYR')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(sheet.input('SUPKYR')).toBeFocused()
  await page.keyboard.type('12.5')
  const complete = sheet.button('Mark complete')
  await tabTo(page, () => complete.evaluate((element) => element === document.activeElement))
  await page.keyboard.press('Enter')
  await expect(page.locator('header [data-state="complete"]')).toBeVisible()
  const { record } = await entry(world, coordinator, subject.subjectId, 'SCR', 'F_SU')
  expect(record.data).toEqual({ SUSTAT: 'FORMER', SUPKYR: '12.5' })
})

/** Presses Tab until the place has the focus; a page where it cannot be reached ends in a failure, not in a loop. */
async function tabTo(page: Page, hasFocus: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await hasFocus()) return
    await page.keyboard.press('Tab')
  }
  throw new Error('The place cannot be reached by Tab')
}
