/** Line icons of the interface, 16 px on a 16 grid; decorative unless a title is given. */
const shapes = {
  home: 'M2.5 7.5 8 2.8l5.5 4.7M4 6.5v6.7h8V6.5',
  grid: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6 3.5v9M9.8 3.5v9',
  dashboard: 'M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3.5H9zM9 8h4.5v5.5H9zM2.5 10.5h4.5v3H2.5z',
  heart: 'M1.8 8h3l1.6-4 3 8 1.6-4h3.2',
  query: 'M2.5 3h11v8h-6l-3 2.5V11h-2z',
  report: 'M2.5 2.5v11h11M5 10.5l2.5-3 2 2 3.5-4.5',
  download: 'M8 2.5v7.5M5 7.2 8 10l3-2.8M3 13h10',
  people:
    'M6 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM1.8 13c0-2.4 1.9-4 4.2-4s4.2 1.6 4.2 4M10.5 7.3a2 2 0 1 0 0-4M11.3 9.2c1.7.3 2.9 1.8 2.9 3.8',
  cut: 'M4.5 6.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM4.5 13.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5.8 5.6 13.5 12M5.8 10.4 13.5 4',
  audit: 'M8 2a6 6 0 1 1-5.6 3.8M2 2.5v3.3h3.3M8 4.8V8l2.3 1.5',
  definition: 'M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2.5',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  plus: 'M8 3v10M3 8h10',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  left: 'M10 4 6 8l4 4',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2.2 2 2.2 10 0 12M8 2c-2.2 2-2.2 10 0 12',
  key: 'M5.5 10.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8.3 7.5H14M12 7.5V10',
  out: 'M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3c.2-2.3 3.8-2.2 3.6.1-.1 1.3-1.8 1.3-1.8 2.7M8 11.2v.3',
  calendar: 'M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.7V8l2.2 1.4',
  history: 'M2.6 8A5.4 5.4 0 1 0 4.3 4.1M2.5 2.8v2.7h2.7M8 5.2V8l2 1.3',
  filter: 'M2 3h12l-4.6 5.4v4.1l-2.8 1V8.4z',
  check: 'M3 8.5 6.3 12 13 4.5',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  eye: 'M1.5 8S4 3.7 8 3.7 14.5 8 14.5 8 12 12.3 8 12.3 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  warning: 'M8 2.2 14.3 13H1.7zM8 6.3v3.4M8 11.3v.4',
  shuffle: 'M2 4.5h2.5l6 7H14M2 11.5h2.5l1.6-1.9M8.9 6.4l1.6-1.9H14M12 2.5l2 2-2 2M12 9.5l2 2-2 2',
} as const

export type IconName = keyof typeof shapes

export function Icon({
  name,
  size = 16,
  title,
}: {
  name: IconName
  size?: number
  title?: string
}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
      role={title ? 'img' : undefined}
      aria-label={title}
      aria-hidden={title ? undefined : true}
    >
      <path d={shapes[name]} />
    </svg>
  )
}
