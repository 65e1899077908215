/** Readings of images in demo data: entered under the reader's own name, of the image that the site entered before. */
import { imageForms, readerForms } from '#domain/casebook/image-readings.ts'
import type { StoredValue } from '#domain/casebook/record.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Person } from '#server/actor.ts'
import { completeReading } from '#server/form/complete-reading.ts'
import { saveReading } from '#server/form/save-reading.ts'

type Values = Readonly<Record<string, StoredValue>>

/** Sign-ins of the two readers of every demo study; the second reads what the first must not have seen. */
export const imageReaders = ['image.reader', 'image.reader.2'] as const

/** Images of subjects by their keys, and who reads them. */
export class Readings {
  readonly #forms: ReadonlyMap<
    string,
    { imageItem: string; readerItem: string | null; codes: readonly string[] }
  >
  readonly #sources: ReadonlyMap<string, string>
  readonly #images = new Map<string, string>()

  constructor(
    definition: StudyDefinition,
    readonly person: (userName: string) => Promise<Person>,
  ) {
    this.#sources = new Map(imageForms(definition).map(({ form, item }) => [form, item]))
    this.#forms = new Map(
      readerForms(definition).map(({ form, imageItem }) => {
        const reader = form.reading?.reader ?? null
        const item = form.groups.flatMap(({ items }) => items).find(({ oid }) => oid === reader)
        return [form.oid, { imageItem, readerItem: reader, codes: item?.codes ?? [] }]
      }),
    )
  }

  /** Whether readers fill the form, and no site. */
  has(form: string): boolean {
    return this.#forms.has(form)
  }

  /** Remembers the image that a site entered. */
  note(subjectId: string, form: string, values: Values, recordId: string): void {
    const key = values[this.#sources.get(form) ?? '']
    if (typeof key === 'string') this.#images.set(`${subjectId}/${key}`, recordId)
  }

  /** The reader's own account: the second of the codes is the second reader; differences are resolved by the first. */
  async reader(form: string, values: Values): Promise<Person> {
    const { readerItem, codes } = this.#of(form)
    const code = readerItem === null ? null : values[readerItem]
    const isSecond = typeof code === 'string' && codes.indexOf(code) === 1
    return this.person(imageReaders[isSecond ? 1 : 0])
  }

  /** Saves a reading; null where no such image was entered. */
  async save(
    at: { studyId: string; subjectId: string; key: string },
    form: string,
    values: Values,
  ): Promise<SaveResult | null> {
    const key = values[this.#of(form).imageItem]
    const image = this.#images.get(`${at.subjectId}/${key}`)
    if (image === undefined) return null
    const changes = Object.entries(values).map(([path, to]) => ({
      path,
      from: null,
      to: to as never,
    }))
    return saveReading.execute(await this.reader(form, values), {
      studyId: at.studyId,
      image,
      form,
      changes,
      key: at.key,
    })
  }

  async complete(
    form: string,
    values: Values,
    step: { studyId: string; recordId: string; revision: number; key: string },
  ): Promise<void> {
    await completeReading.execute(await this.reader(form, values), step)
  }

  #of(form: string) {
    const found = this.#forms.get(form)
    if (!found) throw new Error(`${form} is no form of readers`)
    return found
  }
}
