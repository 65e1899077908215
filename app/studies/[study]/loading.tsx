import { SkeletonLines } from '#components/ui/page.tsx'

export default function Loading() {
  return <SkeletonLines lines={9} />
}
