/** The people of the demo study. */
import type { Role } from '#domain/access/permissions.ts'

export type DemoPerson = {
  userName: string
  displayName: string
  /** Site code; null for every site. */
  grants: readonly { role: Role; site: string | null }[]
  isSystemAdministrator?: boolean
  /** Shown on the sign-in page as a card. */
  card: boolean
}

const siteCodes = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const
const investigators = [
  'Kenji Mori',
  'Haruka Sato',
  'Takumi Ito',
  'Yui Nakamura',
  'Daiki Kobayashi',
  'Mei Yoshida',
  'Shota Yamada',
  'Aoi Sasaki',
  'Ren Yamaguchi',
  'Hina Matsumoto',
  'Sora Inoue',
  'Mio Kimura',
]
const coordinators = [
  'Aya Suzuki',
  'Nana Hayashi',
  'Riku Shimizu',
  'Emi Saito',
  'Kaito Abe',
  'Sakura Ikeda',
  'Yuto Hashimoto',
  'Rin Ishikawa',
  'Haruto Ogawa',
  'Akari Okada',
  'Minato Goto',
  'Tsumugi Hasegawa',
]
/** The site that the demo sign-ins `coordinator` and `investigator` belong to. */
export const cardSite = '03'

export const demoPeople: readonly DemoPerson[] = [
  ...siteCodes.map((site, index) => sitePerson('coordinator', site, coordinators[index] as string)),
  ...siteCodes.map((site, index) =>
    sitePerson('investigator', site, investigators[index] as string),
  ),
  central('monitor', 'Emiko Tanaka', 'monitor'),
  central('data.manager', 'Jun Watanabe', 'data-manager'),
  central('medical.monitor', 'Dr Masato Fujii', 'medical-monitor'),
  central('image.reader', 'Dr Naomi Endo', 'image-reader'),
  central('statistician', 'Chiharu Okamoto', 'statistician'),
  central('allocation', 'Takashi Maeda', 'allocation-statistician'),
  central('auditor', 'Ingrid Berg', 'auditor'),
  central('study.administrator', 'Keiko Miura', 'study-administrator'),
  {
    userName: 'administrator',
    displayName: 'Hiroshi Kato',
    grants: [],
    isSystemAdministrator: true,
    card: true,
  },
]

function sitePerson(role: 'coordinator' | 'investigator', site: string, name: string): DemoPerson {
  const own = site === cardSite
  return {
    userName: own ? role : `${role}.${site}`,
    displayName: role === 'investigator' ? `Dr ${name}` : name,
    grants: [{ role, site }],
    card: own,
  }
}

function central(userName: string, displayName: string, role: Role): DemoPerson {
  return { userName, displayName, grants: [{ role, site: null }], card: true }
}

export function coordinatorOf(site: string): string {
  return site === cardSite ? 'coordinator' : `coordinator.${site}`
}

export function investigatorOf(site: string): string {
  return site === cardSite ? 'investigator' : `investigator.${site}`
}
