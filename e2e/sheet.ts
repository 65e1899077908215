/** The form page as a person drives it: by item, with the words that stand on the screen. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { Person, World } from './world.ts'

export class Sheet {
  constructor(readonly page: Page) {}

  /** Opens `SCR/F_ICF`, `LOG/F_AE-new` of a subject and waits until it can be typed in. */
  static async open(
    world: World,
    person: Person,
    page: Page,
    subjectKey: string,
    place: string,
  ): Promise<Sheet> {
    await person.open(page, world.path(`/subjects/${subjectKey}/${place}`))
    const sheet = new Sheet(page)
    await sheet.ready()
    return sheet
  }

  async ready(): Promise<void> {
    await expect(this.page.locator('form[data-ready]')).toBeVisible()
  }

  /** The line or grid cell of an item. */
  item(path: string): Locator {
    return this.page.locator(`form [data-item="${path}"]`)
  }

  input(path: string): Locator {
    return this.item(path).locator('input:not([type=date]), textarea').first()
  }

  /** Types into the item and leaves it, which is when it may be sent. */
  async type(path: string, text: string): Promise<void> {
    await this.input(path).fill(text)
    await this.input(path).blur()
  }

  /** Picks a code by its word, whatever the item is drawn as. */
  async choose(path: string, word: string): Promise<void> {
    const radio = this.item(path).getByRole('radio', { name: word, exact: true })
    const select = this.item(path).getByRole('combobox')
    await expect(radio.or(select)).toBeVisible()
    if (await select.isVisible()) await select.selectOption({ label: word })
    else await radio.check()
  }

  /** Enters a stored value: a code by its code, anything else as text. */
  async enter(path: string, value: unknown): Promise<void> {
    const item = this.item(path)
    const code = item.locator(`input[type=radio][value="${value}"]`)
    const select = item.getByRole('combobox')
    const text = item.locator('input:not([type=date]):not([type=radio]), textarea').first()
    await expect(code.or(select).or(text).first()).toBeVisible()
    if (await code.isVisible()) await code.check()
    else if (await select.isVisible()) await select.selectOption(String(value))
    else await this.type(path, String(value))
  }

  /** Everything the form shows, by path: codes as codes, computed values as their words, nothing as ''. */
  values(): Promise<Record<string, string>> {
    return this.page.evaluate(() => {
      const found: Record<string, string> = {}
      for (const item of document.querySelectorAll<HTMLElement>('form [data-item]')) {
        const text = item.querySelector<HTMLInputElement>('input[type=text], textarea, select')
        const boxes = [...item.querySelectorAll<HTMLInputElement>('input:checked')]
        const output = item.querySelector('output')?.textContent ?? ''
        found[item.dataset.item ?? ''] =
          text?.value || boxes.map((box) => box.value).join(';') || (output === '–' ? '' : output)
      }
      return found
    })
  }

  get status(): Locator {
    return this.page.locator('header output[data-status]')
  }

  async saved(): Promise<void> {
    await expect(this.status).toHaveAttribute('data-status', 'saved')
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  /** Completes the form; nothing may stand in the way. */
  async complete(): Promise<void> {
    await this.saved()
    await this.button('Mark complete').click()
    await expect(this.page.locator('header [data-state="complete"]')).toBeVisible()
  }
}
