/** Every question of the router as one person is answered, and what in the answers tells an arm. */
import type { Person } from '../actor.ts'
import { appRouter, createCaller } from '../trpc/router.ts'
import { leak } from './blinded-definition.ts'
import type { BlindedWorld } from './blinded-world.ts'
import { questionsAbout } from './questions.ts'

type Input = Record<string, unknown>
type Procedure = { _def: { type: string } }
/** Names of all questions that there are. */
export const questionNames = Object.entries(
  appRouter._def.procedures as unknown as Record<string, Procedure>,
)
  .filter(([, procedure]) => procedure._def.type === 'query')
  .map(([name]) => name)

/** These show the definition itself, which everybody may read: arms have names, who is in which is the secret. */
const ofDefinition = ['study.definition', 'study.compare']

/** Also refusals are answers: their texts are searched, too. */
export async function answersOf(world: BlindedWorld, person: Person) {
  const caller = createCaller({ actor: person }) as unknown as Record<
    string,
    Record<string, (input: Input) => Promise<unknown>>
  >
  const questions = questionsAbout(world.asked)
  const answers: { name: string; input: Input; text: string }[] = []
  for (const name of questionNames) {
    const [noun = '', verb = ''] = name.split('.')
    for (const input of questions[name] ?? []) {
      const whole = name === 'session.current' ? input : { studyId: world.studyId, ...input }
      const answer = await caller[noun]?.[verb]?.(whole).catch((error: Error) => error.message)
      answers.push({ name, input, text: JSON.stringify(answer) ?? '' })
    }
  }
  return answers
}

/** A question that broke was not answered, and proves nothing. */
const broken = /^"Unexpected error/

/** Each leak, and each question that broke, with the text around it. */
export const leaks = (answers: Awaited<ReturnType<typeof answersOf>>) =>
  answers
    .filter(
      ({ name, text }) => broken.test(text) || (!ofDefinition.includes(name) && leak.test(text)),
    )
    .map(({ name, input, text }) => {
      const at = text.search(leak)
      return `${name} ${JSON.stringify(input)}: …${text.slice(Math.max(0, at - 80), at + 40)}…`
    })
