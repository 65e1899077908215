import type { DemoAccount } from './demo.ts'

/** What the last lines of a start tell. */
export interface FinalFacts {
  address: string
  data: string
  log: string
  accounts: readonly DemoAccount[]
  setupToken: string | null
  note: string | undefined
}

/** The short block at the end of a start: address, sign-ins by role, where data live, how to stop. */
export function finalWords(facts: FinalFacts): string {
  const lines = ['', `Casebook is ready at ${facts.address}`, '']
  if (facts.accounts.length > 0) {
    lines.push(...accountLines(facts.accounts), '')
  }
  if (facts.setupToken !== null) {
    lines.push(
      'Create the first administrator (the link works once, for 24 hours):',
      `  ${facts.address}/setup?token=${facts.setupToken}`,
      '',
    )
  }
  if (facts.note) lines.push(facts.note, '')
  lines.push(`Data      ${facts.data}`)
  if (facts.log !== '-') lines.push(`Log       ${facts.log}`)
  lines.push('Stop      Ctrl-C', '')
  return lines.join('\n')
}

function accountLines(accounts: readonly DemoAccount[]): string[] {
  const shared = new Set(accounts.map((account) => account.password)).size === 1
  const wide = Math.max(...accounts.map((account) => account.role.length))
  const names = Math.max(...accounts.map((account) => account.userName.length))
  return [
    shared ? `Demo sign-ins, all with the password ${accounts[0]?.password}` : 'Demo sign-ins',
    ...accounts.map(({ role, userName, password }) =>
      `  ${role.padEnd(wide)}  ${userName.padEnd(names)}${shared ? '' : `  ${password}`}`.trimEnd(),
    ),
  ]
}
