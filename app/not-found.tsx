import { NotHere } from './not-here.tsx'

export default function NotFound() {
  return (
    <main>
      <NotHere />
    </main>
  )
}
