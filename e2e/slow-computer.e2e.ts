import { expect, test } from './world.ts'

test('a button that is pressed before the page can answer is answered once it can', async ({
  world,
  page,
}) => {
  const coordinator = await world.person('coordinator')
  await coordinator.open(page, world.path('/subjects'))
  // The scripts of the page arrive late, as over a slow line; the page itself is there at once.
  let arrive = () => {}
  const late = new Promise<void>((done) => {
    arrive = done
  })
  await page.route(/_next\/static\/.*\.js/, async (route) => {
    await late
    await route.continue()
  })
  await page.goto(world.path('/subjects'), { waitUntil: 'commit' })
  const screen = page.getByRole('button', { name: 'New subject' }).first()
  await expect(screen).toBeVisible()
  await screen.click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  arrive()
  await expect(page.getByRole('dialog')).toBeVisible()
  // Pressed once, opened once; and buttons go on working.
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await screen.click()
  await expect(page.getByRole('dialog')).toBeVisible()
})
