import css from './sign-in.module.css'

export function Brand() {
  return (
    <span className={css.brand}>
      <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
        <rect x="1" y="1" width="24" height="24" rx="5" fill="var(--cb-accent)" />
        <path
          d="M7 6.5h9a3 3 0 0 1 3 3v10H10a3 3 0 0 1-3-3zM10.5 11h5M10.5 14.5h5"
          fill="none"
          stroke="var(--cb-on-accent)"
          strokeWidth="1.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Casebook
    </span>
  )
}
