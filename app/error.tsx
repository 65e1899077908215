'use client'

/** Stands outside every catalogue, so it speaks three languages itself. */
export default function Broken({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <main style={{ maxWidth: 460, margin: '18vh auto 0', padding: 16, textAlign: 'center' }}>
      <h1 style={{ fontSize: 16 }}>This page could not be shown</h1>
      <p lang="ja">ページを表示できませんでした</p>
      <p lang="zh">无法显示此页面</p>
      <p role="alert" style={{ margin: '12px 0', color: 'var(--cb-muted)' }}>
        {error.digest ?? ''}
      </p>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </main>
  )
}
