/** The floor: a bare Node server with a pool of ten that saves forty items and one audit row in one transaction, and nothing else. */
import { createServer, type IncomingMessage } from 'node:http'
import { databasePool } from '#db/client.ts'

const [url = '', port = ''] = process.argv.slice(2)
const pool = databasePool(url, { max: 10 })
await pool.query(`create schema if not exists floor;
  create table if not exists floor.record (id uuid primary key, data jsonb not null, at timestamptz not null default now());
  create table if not exists floor.audit (id bigint generated always as identity primary key, record uuid not null,
    at timestamptz not null default now(), changes jsonb not null)`)

const server = createServer((question, answer) => {
  bodyOf(question)
    .then((text) => save(JSON.parse(text) as { id: string; values: Record<string, string> }))
    .then(
      () => answer.writeHead(200, { 'content-type': 'application/json' }).end('{"saved":true}'),
      (error: unknown) => answer.writeHead(500).end(String(error)),
    )
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.once('disconnect', () => {
  server.close()
  server.closeAllConnections()
  void pool.end()
})

async function save({ id, values }: { id: string; values: Record<string, string> }): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('insert into floor.record (id, data) values ($1, $2)', [id, values])
    const changes = Object.fromEntries(
      Object.entries(values).map(([path, value]) => [path, [null, value]]),
    )
    await client.query('insert into floor.audit (record, changes) values ($1, $2)', [id, changes])
    await client.query('commit')
  } finally {
    client.release()
  }
}

async function bodyOf(question: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of question.setEncoding('utf8')) text += part
  return text
}
