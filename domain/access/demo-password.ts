/** Known to everybody: the password of all demo accounts. Accounts with the demo mark are refused where the demo is closed. */
export const demoPassword = 'demo-casebook-2026'
