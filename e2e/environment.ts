/**
 * What `npm test` hands to the browser journeys: a Casebook that was started by `npm start` with the demo,
 * on a fresh database and a free port.
 */
export interface JourneyEnvironment {
  /** Address of the running app, without a slash at the end. */
  baseUrl: string
  /** The database as its owner, for builders and for proofs that no screen can give. */
  ownerUrl: string
}

/** @throws when the journeys are not run by `npm test -- browser`. */
export function journeyEnvironment(): JourneyEnvironment {
  const baseUrl = process.env.E2E_BASE_URL
  const ownerUrl = process.env.E2E_OWNER_URL
  if (!baseUrl || !ownerUrl) {
    throw new Error(
      'The browser journeys need a running Casebook: start them with "npm test -- browser [file ...]".',
    )
  }
  return { baseUrl, ownerUrl }
}
