/**
 * Forms that blinded readers fill (`for`) must say of which image they are, must be entered apart by each reader, and nothing that
 * everybody sees may follow from them.
 */
import { concealedOf } from '#domain/casebook/concealed.ts'
import { imageForms, readerForms } from '#domain/casebook/image-readings.ts'
import type { StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'

export function checkReaders(definition: StudyDefinition, report: Report): void {
  const known = new Set(readerForms(definition).map(({ form }) => form.oid))
  const images = new Set(imageForms(definition).map(({ item }) => item))
  definition.forms.forEach((form, f) => {
    if (form.for === undefined) return
    const at = ['forms', f, 'for']
    if (!known.has(form.oid)) {
      const message = `${form.oid} is filled by readers and says of no image: it needs \`reading\`, or a reading that names it under \`adjudication\`.`
      report('error', 'readers-without-image', message, at)
      return
    }
    // Of a reading itself the checker of references says so.
    if (!form.repeats && form.reading === undefined) {
      const message = `${form.oid} is filled by readers, each in an entry of his own, so it must repeat.`
      report('error', 'readers-together', message, at)
    }
    const image = readerForms(definition).find((one) => one.form.oid === form.oid)?.imageItem ?? ''
    if (!images.has(image)) {
      const message = `No form that sites fill has the item ${image}, so no reader of ${form.oid} would ever find an image.`
      report('error', 'readers-without-image', message, at)
    }
  })
  if (known.size === 0) return
  // Without the allocation, whose concealed parts are checked apart.
  const { allocation: _, ...bare } = definition
  for (const betrayal of concealedOf(bare, [...known]).betrayals) {
    const message = `This reads what readers find (${betrayal.text}), and sites see what comes of it.`
    report('error', 'readings-betrayed', message, betrayal.place)
  }
}
