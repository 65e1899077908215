import { daysAgo, fill, screenedSubject } from './casework.ts'
import { Sheet } from './sheet.ts'
import { arrive, expect, test } from './world.ts'

test('a wrong password is refused in words and the right one opens the study', async ({
  world,
  page,
}) => {
  const { userName, displayName } = world.account('coordinator')
  await page.goto(world.path('/subjects'))
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByLabel('User name').fill(userName)
  await page.getByLabel('Password').fill('not the password of anybody')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'not right' })).toHaveText(
    'User name or password is not right, or the account is locked for a while.',
  )
  expect(await page.context().cookies()).not.toContainEqual(
    expect.objectContaining({ name: expect.stringContaining('session-token') }),
  )

  await page.getByLabel('Password').fill(world.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`${world.path()}$`))
  await expect(page.getByRole('button', { name: 'Account and settings' })).toContainText(
    displayName,
  )
})

test('in the demo one click on a card signs in', async ({ page }) => {
  await arrive(page, '/sign-in')
  const card = page.getByRole('button', { name: /^Coordinator/ })
  await expect(card).toContainText('Screens, randomises and enters most of the data at one site.')
  await card.click()
  await expect(page).toHaveURL(/\/studies\/taccsa$/)
  await expect(page.getByRole('button', { name: 'Account and settings' })).toContainText(
    'Coordinator',
  )
})

test('signing out ends the session at the server, not only in the browser', async ({
  world,
  page,
  context,
}) => {
  const coordinator = await world.person('coordinator')
  await coordinator.open(page, world.path())
  const cookies = await context.cookies()
  await page.getByRole('button', { name: 'Account and settings' }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(/\/sign-in$/)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()

  // Who kept the cookie has nothing: the server forgot it.
  await context.addCookies(cookies)
  await page.goto(world.path('/subjects'))
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a session that was ended elsewhere asks to sign in again and loses nothing typed', async ({
  world,
  page,
}) => {
  const subject = await screenedSubject(world, {
    randomisedOn: daysAgo(2),
    without: ['F_ICF', 'F_IE'],
  })
  const elsewhere = await world.person('coordinator')
  await fill(world, elsewhere, subject, { event: 'SCR', form: 'F_ICF', values: { ICFREQ: 'Y' } })
  await arrive(page, '/sign-in')
  await page.getByLabel('User name').fill(world.account('coordinator').userName)
  await page.getByLabel('Password').fill(world.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`${world.path()}$`))
  await arrive(page, world.path(`/subjects/${subject.subjectKey}/SCR/F_ICF`))
  const sheet = new Sheet(page)
  await sheet.ready()

  await elsewhere.act('account.signOutEverywhere', {})
  await sheet.type('ICFVER', 'version 2.1')
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await expect(dialog).toContainText(world.account('coordinator').userName)
  await expect(sheet.status).toHaveAttribute('data-status', 'kept')
  await expect(sheet.input('ICFVER')).toHaveValue('version 2.1')

  await dialog.getByRole('textbox', { name: 'Password' }).fill('not the password of anybody')
  await dialog.getByRole('button', { name: 'Sign in again' }).click()
  await expect(dialog.getByRole('alert')).toContainText('not right')
  await dialog.getByRole('textbox', { name: 'Password' }).fill(world.password)
  await dialog.getByRole('button', { name: 'Sign in again' }).click()
  await expect(dialog).toBeHidden()
  await sheet.saved()
  await page.reload()
  await sheet.ready()
  await expect(sheet.input('ICFVER')).toHaveValue('version 2.1')
})
