/** The adverse-event form by its CDASH names, which the shared library and every study built on it use. */
export const adverseEventForm = 'F_AE'
export const adverseEventItems = {
  term: 'AETERM',
  from: 'AESTDTC',
  to: 'AEENDTC',
  ongoing: 'AEONGO',
  grade: 'AETOXGR',
  serious: 'AESER',
  outcome: 'AEOUT',
  relatedPrefix: 'AEREL_',
} as const
