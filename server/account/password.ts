/** Passwords: argon2id with the OWASP floor (19 MiB, two passes), and a rule on length and the commonest choices. */
import { hash, verify } from '@node-rs/argon2'
import { Problem } from '#domain/problem.ts'

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const minimumLength = 12
const maximumLength = 200

export const hashPassword = (password: string): Promise<string> => hash(normalised(password), cost)

/** False also for an account without a password (single sign-on only); it takes as long as a real comparison. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const right = await verify(stored ?? (await decoy()), normalised(password)).catch(() => false)
  return right && stored !== null
}

/** Two keyboards may type one character in two ways; NFKC makes them one (NIST SP 800-63B 5.1.1.2). */
const normalised = (password: string) => password.normalize('NFKC').slice(0, maximumLength)

let decoyHash: Promise<string> | undefined
/** Compared with where there is no account, so that the time of the answer tells nothing. */
function decoy(): Promise<string> {
  decoyHash ??= hash('no account has this password', cost)
  return decoyHash
}

const common = [
  'password',
  'passw0rd',
  'qwerty',
  'letmein',
  'welcome',
  'iloveyou',
  'administrator',
  'casebook',
  'changeme',
  '123456',
  'abcdef',
]

/** Throws `weak-password` for what is short, common, repeated or made of the user name. */
export function requireStrongPassword(password: string, userName: string): void {
  const text = password.normalize('NFKC')
  const plain = text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const leftover = common.reduce((rest, word) => rest.replaceAll(word, ''), plain)
  const weak =
    [...text].length < minimumLength ||
    text.length > maximumLength ||
    new Set(text).size < 5 ||
    (plain.length > 0 && plain.length === text.length && leftover.length < 5) ||
    (userName.length > 2 &&
      plain.replaceAll(userName.toLowerCase().replace(/[^a-z0-9]/g, ''), '').length < 6)
  if (weak) throw new Problem('weak-password')
}
