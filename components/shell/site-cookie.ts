/** Remembers the site that a person works at, so that lists open on it. */
export const siteCookie = 'casebook-site'
