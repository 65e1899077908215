/** On the demo study: the figures of the published trial come out of data that were entered through the system. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { csvRows } from './export-files.ts'
import { arrive, awake, expect, test } from './world.ts'

test.beforeEach(async ({ page }) => {
  await arrive(page, '/sign-in')
  await page.getByRole('button', { name: /^Statistician/ }).click()
  await expect(page).toHaveURL(/\/studies\/taccsa$/)
  await awake(page)
})

async function open(page: Page, report: string): Promise<Locator> {
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await page.getByRole('link', { name: report }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(report)
  return page.getByRole('article')
}

const line = (report: Locator, name: string): Locator =>
  report.locator('tbody tr').filter({ has: report.page().getByRole('rowheader', { name }) })

test('the trial profile accounts for everybody', async ({ page }) => {
  const report = await open(page, 'Figure 1: trial profile')
  await expect(report.getByRole('img', { name: 'Figure 1: trial profile' })).toBeVisible()
  await expect(line(report, 'Screened')).toContainText('60')
  await expect(line(report, 'Not eligible')).toContainText('2')
  await expect(line(report, 'Allocated')).toContainText('PSL + tacrolimus 30')
  await expect(line(report, 'Allocated')).toContainText('PSL + ciclosporin A 28')
  await expect(line(report, 'Disease progression')).toContainText('PSL + tacrolimus 4')
  await expect(line(report, 'Disease progression')).toContainText('PSL + ciclosporin A 8')
  await expect(report.getByRole('contentinfo').or(report.locator('footer'))).toContainText('Engine')
})

test('the baseline table stands as published, and a number opens its subjects', async ({
  page,
}) => {
  const report = await open(page, 'Table 1: baseline characteristics')
  await expect(report.getByRole('columnheader')).toContainText([
    'Characteristic',
    'n = 30',
    'n = 28',
    'p',
  ])
  const printed: readonly [string, string, string, string][] = [
    ['Age, years', '61.6 (11.0)', '59.2 (13.0)', '0.45'],
    ['Sex, female', '19 (63)', '22 (79)', '0.25'],
    ['Acute/subacute', '16 (53)', '20 (71)', ''],
    ['Anti-MDA5 positive', '8 (27)', '10 (36)', '0.57'],
    ['Ferritin, ng/mL', '476 (806)', '255 (265)', '0.30'],
    ['%FVC', '74.8 (20.4)', '76.4 (17.8)', '0.59'],
    ['PaO2, Torr', '79.4 (11.7)', '77.3 (17.0)', '0.50'],
  ]
  for (const [name, tac, csa, p] of printed) {
    const cells = line(report, name).getByRole('cell')
    await expect(cells.nth(0)).toHaveText(tac)
    await expect(cells.nth(1)).toHaveText(csa)
    await expect(cells.nth(2)).toContainText(p)
  }

  await line(report, 'Anti-MDA5 positive')
    .getByRole('button', { name: /^8 \(27\)/ })
    .click()
  const behind = page.getByRole('complementary')
  await expect(behind).toContainText('8 subjects of 30')
  const subjects = behind.getByRole('listitem')
  await expect(subjects).toHaveCount(8)
  const first = (await subjects.first().textContent()) ?? ''
  await subjects.first().getByRole('link').click()
  await expect(page).toHaveURL(new RegExp(`/subjects/${first}$`))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(first)
})

test('the paper stands beside the reports of the stored values, figure by figure', async ({
  page,
}) => {
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await page.getByRole('link', { name: 'The paper against Casebook' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The paper against Casebook')
  await expect(page.getByRole('status').filter({ hasText: 'passed' })).toHaveText(
    /^\d{3} passed, 0 failed$/,
  )
  const table = page.getByRole('table').first()
  await expect(table.getByRole('row').filter({ hasText: 'Screened' })).toContainText('60')

  await page.getByRole('button', { name: /^BAD \d+$/ }).click()
  await expect(page.getByRole('button', { name: /^BAD \d+$/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  const smoking = page.getByRole('row').filter({ hasText: 'Smoking, never' })
  await expect(smoking).toContainText('24 (88)')
  await expect(smoking).toContainText('24 (86)')
  await expect(smoking).toContainText('24 of 28 are 85.7 %')
  await expect(page.getByRole('row').filter({ hasText: 'Screened' })).toHaveCount(0)

  await smoking.getByRole('link', { name: /^24 \(86\)/ }).click()
  await expect(page).toHaveURL(/\/reports\/r2_baseline$/)
  await expect(line(page.getByRole('article'), 'Smoking, never')).toContainText('24 (86)')
})

test('populations are listed with a reason for everybody who is not in them', async ({ page }) => {
  const report = await open(page, 'Populations and reasons')
  const cells = (name: string) => line(report, name).getByRole('cell')
  await expect(cells('Per protocol (PFT)')).toContainText(['46', '26', '20'])
  await expect(cells('Disease progression or death')).toContainText(['12', '4', '8'])
  await expect(cells('Not eligible')).toContainText(['2', '0', '0'])
})

const curves = [
  {
    report: 'Figure 2A: progression-free survival',
    shares: ['87 %', '71 %'],
    events: ['4', '8'],
    p: '0.16',
    atRisk: [
      [30, 30, 29, 29, 28, 28, 28, 27, 26, 26, 26, 26, 26, 26],
      [28, 27, 26, 25, 25, 24, 23, 23, 23, 22, 21, 20, 20, 20],
    ],
    file: 'r3_pfs',
  },
  {
    report: 'Figure 2B: overall survival',
    shares: ['97 %', '93 %'],
    events: ['1', '2'],
    p: '0.50',
    atRisk: null,
    file: 'r3_os',
  },
]
for (const { report: name, shares, events, p, atRisk, file } of curves) {
  test(`${name}: estimates, log-rank p, numbers at risk, and the data to take away`, async ({
    page,
  }) => {
    const report = await open(page, name)
    for (const [at, arm] of ['PSL + tacrolimus', 'PSL + ciclosporin A'].entries()) {
      const row = line(report, arm)
      await expect(row.getByRole('cell').nth(0)).toHaveText(at === 0 ? '30' : '28')
      await expect(row.getByRole('cell').nth(1)).toHaveText(events[at] as string)
      await expect(row.getByRole('cell').nth(2)).toContainText(shares[at] as string)
      const numbers = atRisk?.[at]
      if (numbers) {
        const texts = await report.locator('figure svg text').allTextContents()
        expect(texts.join(' ')).toContain(numbers.join(' '))
      }
    }
    await expect(report.locator('figure')).toContainText('Number at risk')
    await expect(report.locator('tfoot')).toContainText(`p = ${p}`)

    await line(report, 'PSL + ciclosporin A').getByRole('cell').nth(1).getByRole('button').click()
    await expect(page.getByRole('complementary').getByRole('listitem')).toHaveCount(
      Number(events[1]),
    )

    const data = await taken(page, report, 'Data (CSV)', file, 'csv')
    const rows = csvRows(data.toString('utf8'))
    expect(rows).toHaveLength(58)
    expect(rows.filter((row) => row.group === 'CSA' && row.event === '1')).toHaveLength(
      Number(events[1]),
    )
    const print = await taken(page, report, /^PDF$/, file, 'pdf')
    expect(print.toString('latin1', 0, 5)).toBe('%PDF-')
    const word = await taken(page, report, 'Word (DOCX)', file, 'docx')
    expect(word.toString('latin1', 0, 2)).toBe('PK')
  })
}

/** Chooses an entry of the menu "Take away" and gives the file that comes. */
async function taken(
  page: Page,
  report: Locator,
  entry: string | RegExp,
  name: string,
  ending: string,
): Promise<Buffer> {
  const download = page.waitForEvent('download')
  await report.getByRole('button', { name: 'Take away' }).click()
  await page.getByRole('menuitem', { name: entry }).first().click()
  const saved = await download
  expect(saved.suggestedFilename()).toMatch(
    new RegExp(`_${name.toUpperCase()}_\\d{4}-\\d\\d-\\d\\d_en\\.${ending}$`),
  )
  return readFile(await saved.path())
}
