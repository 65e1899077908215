import { database } from '../database.ts'

/** 200 while the database answers within two seconds, else 503; says nothing about itself beyond that. */
export async function health(): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  try {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('late')), 2000).unref()
    })
    await Promise.race([database().query('select 1'), late])
    return Response.json({ status: 'ok' }, { headers })
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503, headers })
  }
}
