import { describe, expect, it } from 'vitest'
import type { FormEvaluation, FormValues } from '#domain/casebook/record.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import { type Edit, EntryStore, type SendOutcome, type Sent } from './entry-store.ts'

const quiet: FormEvaluation = { derived: {}, closed: [], open: [], findings: [], suggested: {} }

/** A server that applies changes as the real one does: item by item, with conflicts where `from` is not true any more. */
function bench(saved: FormValues = {}) {
  const server: Record<string, FormValues[string]> = { ...saved }
  const sents: Sent[] = []
  const receipts = new Map<string, SaveResult>()
  let kept: Readonly<Record<string, Edit>> | null = null
  let reach: 'yes' | 'no' | 'arrives-but-answer-lost' = 'yes'
  let keys = 0
  let revision = 1
  const answer = (sent: Sent): SaveResult => {
    const earlier = receipts.get(sent.key)
    if (earlier) return earlier
    const conflicts = []
    for (const change of sent.changes) {
      const now = server[change.path] ?? null
      if (JSON.stringify(now) !== JSON.stringify(change.from)) {
        conflicts.push({
          path: change.path,
          mine: change.to,
          theirs: now,
          by: 'K. Mori',
          at: '2026-01-02T03:04:05.000Z',
        })
      } else if (change.to === null) delete server[change.path]
      else server[change.path] = change.to
    }
    revision += 1
    const result: SaveResult = {
      recordId: 'r',
      formRepeat: 1,
      revision,
      state: 'inProgress',
      savedAt: '2026-01-02T03:04:05.000Z',
      data: { ...server },
      evaluation: quiet,
      queries: [],
      conflicts,
      refused: [],
      alsoChanged: [],
    }
    receipts.set(sent.key, result)
    return result
  }
  const send = async (sent: Sent): Promise<SendOutcome> => {
    sents.push(sent)
    if (reach === 'no') return { ok: false, retry: true, problem: null }
    const result = answer(sent)
    if (reach === 'arrives-but-answer-lost') return { ok: false, retry: true, problem: null }
    return { ok: true, result }
  }
  const open = () =>
    new EntryStore({
      saved: { ...server },
      revision,
      state: 'inProgress',
      recordId: 'r',
      evaluation: quiet,
      queries: [],
      send,
      evaluate: () => null,
      newKey: () => `key-${++keys}`,
      schedule: () => () => undefined,
      keeper: {
        read: () => kept,
        write: (edits) => {
          kept = structuredClone(edits)
        },
        clear: () => {
          kept = null
        },
      },
    })
  return {
    server,
    sents,
    open,
    kept: () => kept,
    reach: (how: typeof reach) => {
      reach = how
    },
  }
}

describe('EntryStore', () => {
  it('sends a first value without a reason and is saved', async () => {
    const { server, open, kept } = bench()
    const store = open()
    store.change('WEIGHT', '61.5')
    expect(kept()).toEqual({ WEIGHT: { to: '61.5' } })
    await store.flush()
    expect(server.WEIGHT).toBe('61.5')
    expect(store.snapshot().status).toBe('saved')
    expect(kept()).toBeNull()
  })

  it('holds a change of a saved value until a reason is given, other changes go through', async () => {
    const { server, sents, open } = bench({ WEIGHT: '61.5' })
    const store = open()
    store.change('WEIGHT', '65.1')
    store.change('HEIGHT', '170')
    await store.flush()
    expect(server).toEqual({ WEIGHT: '61.5', HEIGHT: '170' })
    expect(store.snapshot().status).toBe('needsReason')
    store.giveReason('WEIGHT', 'transcription error')
    await store.flush()
    expect(server.WEIGHT).toBe('65.1')
    expect(sents[1]?.changes).toEqual([
      { path: 'WEIGHT', from: '61.5', to: '65.1', reason: 'transcription error' },
    ])
  })

  it('survives a closed tab: the next store finds the edit and sends it', async () => {
    const { server, open, reach } = bench()
    const first = open()
    reach('no')
    first.change('WEIGHT', '61.5')
    await first.flush()
    expect(first.snapshot().status).toBe('kept')
    reach('yes')
    const second = open()
    expect(second.snapshot().values.WEIGHT).toBe('61.5')
    await second.flush()
    expect(server.WEIGHT).toBe('61.5')
  })

  it('sends the same key again when the answer was lost, so the save happens once', async () => {
    const { sents, open, reach } = bench()
    const store = open()
    reach('arrives-but-answer-lost')
    store.change('WEIGHT', '61.5')
    await store.flush()
    reach('yes')
    await store.flush()
    expect(sents.map((sent) => sent.key)).toEqual(['key-1', 'key-1'])
    expect(store.snapshot()).toMatchObject({ status: 'saved', values: { WEIGHT: '61.5' } })
    expect(store.snapshot().conflicts.size).toBe(0)
  })

  it('keeps what was typed while a save was under way', async () => {
    const { server, open } = bench()
    const store = open()
    store.change('NOTE', 'a')
    const saving = store.flush()
    store.change('NOTE', 'ab')
    await saving
    expect(store.snapshot().values.NOTE).toBe('ab')
    store.giveReason('NOTE', 'still typing')
    await store.flush()
    expect(server.NOTE).toBe('ab')
  })

  it('keeps the item being typed in, but sends it only when it is left', async () => {
    const { sents, open, kept } = bench()
    const store = open()
    store.hold('WEIGHT')
    store.change('WEIGHT', '6')
    await store.flush()
    expect(sents).toHaveLength(0)
    expect(kept()).toEqual({ WEIGHT: { to: '6' } })
    store.change('WEIGHT', '61')
    store.hold(null)
    await store.flush()
    expect(sents[0]?.changes).toEqual([{ path: 'WEIGHT', from: null, to: '61' }])
  })

  it('shows a conflict and sends nothing more of that item until it is resolved', async () => {
    const { server, sents, open } = bench({ WEIGHT: '60' })
    const store = open()
    server.WEIGHT = '62'
    store.change('WEIGHT', '61')
    store.giveReason('WEIGHT', 'read again')
    await store.flush()
    expect(store.snapshot().conflicts.get('WEIGHT')).toMatchObject({ theirs: '62', by: 'K. Mori' })
    expect(store.snapshot().status).toBe('attention')
    await store.flush()
    expect(sents).toHaveLength(1)
    store.resolve('WEIGHT', 'theirs')
    expect(store.snapshot()).toMatchObject({ status: 'saved', values: { WEIGHT: '62' } })
  })

  it('takes an item off the way when it is typed back to the saved value', () => {
    const { open, kept } = bench({ WEIGHT: '60' })
    const store = open()
    store.change('WEIGHT', '61')
    store.change('WEIGHT', '60')
    expect(store.snapshot().status).toBe('saved')
    expect(kept()).toBeNull()
  })
})
