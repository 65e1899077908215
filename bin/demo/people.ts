/** The people of the demo studies. The same staff works in all of them; sites of later studies are shared out among it. */
import type { Role } from '#domain/access/permissions.ts'

export type DemoPerson = {
  userName: string
  displayName: string
  /** What the person does in each study: at single sites, or (centrally) at all of them. */
  role: Role | null
  isCentral: boolean
  isSystemAdministrator?: boolean
  /** Shown on the sign-in page as a card. */
  card: boolean
}

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
/** Place in the lists above of the people with the plain sign-ins `coordinator` and `investigator`. */
const cardPlace = 2

export const demoPeople: readonly DemoPerson[] = [
  ...coordinators.map((name, place) => sitePerson('coordinator', place, name)),
  ...investigators.map((name, place) => sitePerson('investigator', place, name)),
  central('monitor', 'Emiko Tanaka', 'monitor'),
  central('data.manager', 'Jun Watanabe', 'data-manager'),
  central('medical.monitor', 'Dr Masato Fujii', 'medical-monitor'),
  central('image.reader', 'Dr Naomi Endo', 'image-reader'),
  { ...central('image.reader.2', 'Dr Satoru Kimura', 'image-reader'), card: false },
  central('statistician', 'Chiharu Okamoto', 'statistician'),
  central('allocation', 'Takashi Maeda', 'allocation-statistician'),
  central('auditor', 'Ingrid Berg', 'auditor'),
  central('study.administrator', 'Keiko Miura', 'study-administrator'),
  {
    userName: 'administrator',
    displayName: 'Hiroshi Kato',
    role: null,
    isCentral: true,
    isSystemAdministrator: true,
    card: true,
  },
]

function sitePerson(role: 'coordinator' | 'investigator', place: number, name: string): DemoPerson {
  return {
    userName: userNameAt(role, place),
    displayName: role === 'investigator' ? `Dr ${name}` : name,
    role,
    isCentral: false,
    card: place === cardPlace,
  }
}

function central(userName: string, displayName: string, role: Role): DemoPerson {
  return { userName, displayName, role, isCentral: true, card: true }
}

function userNameAt(role: 'coordinator' | 'investigator', place: number): string {
  return place === cardPlace ? role : `${role}.${String(place + 1).padStart(2, '0')}`
}

export type SiteStaff = { coordinator: string; investigator: string }

/**
 * Who works at the sites of a study, by site code. Sites are given out in turn from `firstPlace` on, so that the plain
 * sign-ins have a site, with subjects, in every study.
 */
export function siteStaff(
  siteCodes: readonly string[],
  firstPlace = cardPlace,
): ReadonlyMap<string, SiteStaff> {
  return new Map(
    siteCodes.map((code, index) => {
      const place = (index + firstPlace) % coordinators.length
      return [
        code,
        {
          coordinator: userNameAt('coordinator', place),
          investigator: userNameAt('investigator', place),
        },
      ]
    }),
  )
}
