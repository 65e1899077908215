import { NotHere } from '../../not-here.tsx'

/** Inside the shell, so that a mistyped address does not lose the way back. */
export default function NotFound() {
  return <NotHere />
}
